import { render } from 'preact';
import { keepKnowing } from './data/who.ts';
import { Page } from './frame/page.tsx';
import { keepTheme } from './frame/theme.ts';
import './style/base.css';
import { preferredLanguage, speak } from './words/words.ts';

keepTheme();
keepKnowing();
await speak(preferredLanguage()).catch(() => speak('en'));
render(<Page />, document.getElementById('page')!);
