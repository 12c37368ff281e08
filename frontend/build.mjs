// Builds every frontend/*.scss and frontend/*.js whose name does not start with "_" into static/build.
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, parse, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

import * as esbuild from "esbuild";
import * as sass from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);
const out = join(root, "static", "build");

const isEntry = (name, ending) => name.endsWith(ending) && !name.startsWith("_");

async function buildStyles(name) {
  const { css } = await sass.compileAsync(join(here, name), {
    // MOJ Frontend finds GOV.UK Frontend from the root of the project.
    loadPaths: [join(root, "node_modules"), root],
    quietDeps: true,
    style: "compressed",
  });
  // The pages ask nobody else for anything, and the security policy would refuse it.
  if (/@font-face|url\(/i.test(css)) {
    throw new Error(`${name} loads a font or a file: leave that part out.`);
  }
  await writeFile(join(out, `${parse(name).name}.css`), css);
}

async function buildScript(name) {
  await esbuild.build({
    entryPoints: [join(here, name)],
    outdir: out,
    bundle: true,
    minify: true,
    format: "esm",
    // Shared tablets are often some years old.
    target: ["es2020", "chrome90", "firefox90", "safari15"],
    legalComments: "none",
    logLevel: "warning",
  });
}

async function report() {
  console.log(`Built into ${relative(root, out)}:`);
  for (const name of (await readdir(out)).sort()) {
    const bytes = await readFile(join(out, name));
    const sent = gzipSync(bytes, { level: 9 }).length;
    console.log(`  ${name.padEnd(16)} ${(sent / 1024).toFixed(1).padStart(5)} KB sent (gzip), ${(bytes.length / 1024).toFixed(1)} KB unpacked`);
  }
}

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
const names = await readdir(here);
await Promise.all([
  ...names.filter((name) => isEntry(name, ".scss")).map(buildStyles),
  ...names.filter((name) => isEntry(name, ".js")).map(buildScript),
]);
await report();
