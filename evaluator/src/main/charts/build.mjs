// Bundles charts.js into one ES module. `node build.mjs --check` builds in memory and compares with the committed file.
import { build } from 'esbuild';
import { readFile, writeFile } from 'node:fs/promises';

const target = new URL('../resources/io/tessellate/evaluator/dashboard/web/vendor/charts.min.js', import.meta.url);
const banner = '/* Apache ECharts 6.1.0 (Apache-2.0) with zrender (BSD-3-Clause) and tslib (0BSD): licences beside this file. */';

const result = await build({
  entryPoints: [new URL('charts.js', import.meta.url).pathname],
  banner: { js: banner },
  bundle: true,
  charset: 'utf8',
  define: { 'process.env.NODE_ENV': '"production"' },
  format: 'esm',
  legalComments: 'none',
  minify: true,
  target: 'es2020',
  write: false,
});
const bytes = Buffer.from(result.outputFiles[0].contents);

if (process.argv.includes('--check')) {
  const committed = await readFile(target);
  if (!committed.equals(bytes)) {
    console.error('vendor/charts.min.js is not what this folder builds: run `npm run build` and commit the result');
    process.exit(1);
  }
} else {
  await writeFile(target, bytes);
}
console.log(`charts.min.js: ${bytes.length} bytes`);
