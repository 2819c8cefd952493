// Starts hubspot-mock for a witness.
//
// In: the program's path in the environment variable HUBSPOT_MOCK, and what it is seeded with. Out: its base URL, and
// a way to end it. Refuses: a program that ends before it listens.

import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Runs hubspot-mock on a free port, with `seed` in it, until `stop` is called. */
export async function startMock(seed) {
  const program = process.env.HUBSPOT_MOCK;
  if (!program) {
    throw new Error('HUBSPOT_MOCK has to name the hubspot-mock program');
  }
  const folder = await mkdtemp(join(tmpdir(), 'hubspot-mock-'));
  const file = join(folder, 'seed.json');
  await writeFile(file, JSON.stringify(seed));
  const child = spawn(program, ['--port', '0', '--seed', file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const stop = async () => {
    child.kill();
    await rm(folder, { recursive: true, force: true });
  };
  for await (const line of createInterface({ input: child.stdout })) {
    const url = line.match(/http:\/\/[^\s/]+/);
    if (url) {
      // What it prints from now on is nobody's, and must not fill the pipe.
      child.stdout.resume();
      return { url: url[0], stop };
    }
  }
  await stop();
  throw new Error('hubspot-mock ended before it listened');
}
