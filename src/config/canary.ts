import { type Canary, PROMPT_VERSIONS, type PromptVersion } from '../domain/prompt-versions.js';

/** Reads `v2:10%`. @throws Error that says what it takes */
export function canaryOf(text: string): Canary {
  const [, version, share] = /^([^:]*):(\d{1,3})%$/.exec(text.trim()) ?? [];
  const percent = Number(share);
  if (version === undefined || percent > 100)
    throw new Error('takes a version and its share of the jobs, 0..100 percent: v2:10%');
  if (!isVersion(version)) throw new Error(`has no version ${version}: there are ${PROMPT_VERSIONS.join(', ')}`);
  return { version, percent };
}

const isVersion = (text: string): text is PromptVersion => (PROMPT_VERSIONS as readonly string[]).includes(text);
