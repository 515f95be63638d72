import { defineConfig } from 'vite';

/** What `npx vite web` answers itself: the page, its sources, and what Vite adds. All else is the API's. */
const OWN = '^/(?!$|\\?|index\\.html|icon\\.svg|src/|clients/|node_modules/|@|assets/)';

/** Our parts, but for those that few views need and that bring a library; and the libraries of all views. */
const COMMON = /web\/src\/(data|parts\/(?!plot)|words\/\w+\.ts)|clients\/typescript|node_modules\/@?preact/;

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
    // Whoever gets the page gets the licences of its libraries.
    license: { fileName: 'assets/licenses.md' },
    rolldownOptions: {
      output: {
        // What all views are made of is one file: many small ones would cost requests, and compress badly.
        codeSplitting: { groups: [{ name: 'common', test: COMMON }] },
      },
    },
  },
  server: {
    host: '127.0.0.1',
    // The server takes requests for itself: Host names it, and Origin, which would name this page, goes.
    proxy: {
      [OWN]: {
        target: process.env.MOVIEMIND_URL ?? 'http://127.0.0.1:3000',
        changeOrigin: true,
        configure: (proxy) => proxy.on('proxyReq', (request) => request.removeHeader('origin')),
      },
    },
    fs: { allow: ['..'] },
  },
});
