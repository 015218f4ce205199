import { render } from 'preact';
import { followStatus } from './connection.ts';
import { StatusPage } from './status-page.tsx';

followStatus();
const root = document.getElementById('app')!;
root.replaceChildren();
render(<StatusPage />, root);
