/**
 * Runs one command line after the other with the compiled program, and answers each with what
 * `cli` would: loading the program takes longer than what most lines do.
 */
const CLI = new URL('../../dist/bin/cli.js', import.meta.url);
let count = 0;

async function run(args) {
  const output = { stdout: '', stderr: '' };
  const original = { stdout: process.stdout.write, stderr: process.stderr.write };
  for (const name of ['stdout', 'stderr']) {
    process[name].write = (text) => {
      output[name] += text;
      return true;
    };
  }
  process.argv = [process.argv[0], CLI.pathname, ...args];
  process.exitCode = undefined;
  try {
    // The query makes it another module, which runs anew.
    await import(`${CLI.href}?${count++}`);
    return { code: process.exitCode ?? 0, ...output };
  } finally {
    process.stdout.write = original.stdout;
    process.stderr.write = original.stderr;
    process.exitCode = 0;
  }
}

process.on('message', async (args) => process.send(await run(args)));
