import { plainLine, plainText } from './plain-text.js';

const MAX = 5000;
const TAG = /<\s*[a-z/!]/i;

describe('the text of a model', () => {
  it.each([
    ['a < b and b > a', 'a < b and b > a'],
    ['Tom & Jerry', 'Tom & Jerry'],
    ['Tom &amp; Jerry', 'Tom & Jerry'],
    ['AT&T; R&D', 'AT&T; R&D'],
    ['I <3 You', 'I <3 You'],
    ['a <= b >= c -> d <- e', 'a <= b >= c -> d <- e'],
    ['He said "no", didn\'t he?', 'He said "no", didn\'t he?'],
    [
      '千と千尋の神隠し — Amélie, Ελλάδα, שלום, مرحبا, हिन्दी 🎬',
      '千と千尋の神隠し — Amélie, Ελλάδα, שלום, مرحبا, हिन्दी 🎬',
    ],
    ['می‌خواهم क्‍ष', 'می‌خواهم क्‍ष'],
    ['Ame\u0301lie', 'Amélie'],
    ['One.\n\nTwo.', 'One.\n\nTwo.'],
  ])('stays readable: %j', (written, kept) => {
    expect(plainText(written, MAX)).toBe(kept);
  });

  it.each([
    ['<b>Bold</b> and <i class="x">slanted</i>', 'Bold and slanted'],
    ['<p>One.</p><p>Two.</p>', 'One.\n\nTwo.'],
    ['One.<br>Two.<br/>Three.', 'One.\nTwo.\nThree.'],
    ['<ul><li>One</li><li>Two</li></ul>', 'One\n\nTwo'],
    ['a <a href="javascript:alert(1)">link</a>', 'a link'],
    ['before<script>alert(1)</script> after', 'before after'],
    ['before<style>p { color: red }</style> after', 'before after'],
    ['before<!-- hidden --> after', 'before after'],
    ['&lt;b&gt;Bold&lt;/b&gt;', 'Bold'],
    ['&#60;b&#62;Bold', 'Bold'],
    ['&amp;amp;amp;lt;b&amp;amp;amp;gt;Bold', 'Bold'],
  ])('loses its markup: %j', (written, kept) => {
    expect(plainText(written, MAX)).toBe(kept);
  });

  it.each([
    ['<script>alert(1)</script>'],
    ['<SCRIPT SRC=//evil.example></SCRIPT>'],
    ['<script>alert(1)'],
    ['&lt;script&gt;alert(1)&lt;/script&gt;'],
    ['&amp;lt;script&amp;gt;alert(1)&amp;lt;/script&amp;gt;'],
    ['<img src=x onerror=alert(1)>'],
    ['<svg/onload=alert(1)>'],
    ['<![CDATA[<script>alert(1)</script>]]>'],
    ['<\u200bscript>alert(1)</script>'],
    ['&lt;&#8203;script&gt;alert(1)&lt;/script&gt;'],
  ])('is nothing when it is nothing but %j', (written) => {
    expect(plainText(written, MAX)).toBe('');
  });

  it.each([
    ['<scr<script>x</script>ipt>alert(1)</scr<script>x</script>ipt>'],
    ['<<b>script>alert(1)<</b>/script>'],
    ['&lt;scr&lt;b&gt;ipt&gt;alert(1)'],
    ['<scr\u0000ipt>alert(1)</scr\u0000ipt>'],
    ['<p<p>img src=x onerror=alert(1)>'],
    ['x &l&#116;;script&g&#116;;alert(1)'],
    [`&${'amp;'.repeat(31)}lt;script&gt;alert(1)`],
  ])('has no tag left, nor an escaped one, after %j', (written) => {
    const clean = plainText(written, MAX);
    expect(clean).not.toMatch(TAG);
    expect(clean).not.toMatch(/&(amp;)*(lt|#60|#x3c);/i);
    expect(plainText(clean, MAX)).toBe(clean);
  });

  it('loses control, bidi and other invisible characters', () => {
    expect(plainText('a\u0000b\u0007c\u001b[31md\u0085e', MAX)).toBe('a b c [31md e');
    expect(plainText('\u202eevil\u202c \u2066x\u2069 \u200fy\u200e', MAX)).toBe('evil x y');
    expect(plainText('under\u00adstand\u200b\ufeff', MAX)).toBe('understand');
    expect(plainText('a&#8238;b&#7;c', MAX)).toBe('ab c');
    expect(plainText('a\ud800b\ue000c\uffffd\u2028e', MAX)).toBe('a b c d e');
  });

  it('has its white space tidied, its paragraphs kept', () => {
    expect(plainText('  a \t b \r\n c\n\n\n\n\nd  ', MAX)).toBe('a b\nc\n\nd');
    expect(plainLine('  The\n<br>Matrix\t Reloaded ', MAX)).toBe('The Matrix Reloaded');
    expect(plainLine('<p>The</p><p>Matrix</p>', MAX)).toBe('The Matrix');
  });

  it('is cut at a number of code points, never inside one', () => {
    expect(plainText('x'.repeat(10), 5)).toBe('xxxxx');
    expect(plainText('🎬'.repeat(10), 5)).toBe('🎬'.repeat(5));
    expect(plainLine('𠮷'.repeat(201), 200)).toBe('𠮷'.repeat(200));
    expect(plainText('word word', 5)).toBe('word');
    expect(plainText(`<b>${'x'.repeat(5)}</b>`, 5)).toBe('xxxxx');
  });

  it('may be missing', () => {
    expect(plainText(null, MAX)).toBe('');
    expect(plainLine(null, MAX)).toBe('');
    expect(plainText(' \u200b<b></b>\n', MAX)).toBe('');
  });

  it('takes no longer than it should to clean, whatever it is', () => {
    const started = performance.now();
    for (const part of ['<', '<p', '<b>', '&amp;', '&lt;', 'amp;', '\u202e', ' \n'])
      plainText(part.repeat(10_000), MAX);
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
