import { render } from 'preact';

render(<h1>MovieMind</h1>, document.getElementById('page')!);
