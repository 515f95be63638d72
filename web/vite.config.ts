import { defineConfig } from 'vite';

/** The page at `/`: files with relative addresses, so that it works below any path. */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2022',
    // An asset within the script would need `data:` in the Content-Security-Policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  // `npx vite web`: the page from its sources, with the API of a server that runs.
  server: {
    proxy: { '^/(?!src|@|node_modules|clients|icon|$)': process.env.MOVIEMIND_URL ?? 'http://127.0.0.1:3000' },
  },
});
