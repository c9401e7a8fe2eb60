import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { freePort } from './platform/free-port.ts'
import { escrowDatabase } from './testing/escrow-database.ts'

const program = fileURLToPath(new URL('./main.ts', import.meta.url))

test('the final program starts on Postgres alone, says when it is ready, and stops when asked', async () => {
  await using database = await escrowDatabase()
  const port = await freePort()
  const address = `http://127.0.0.1:${port}`
  const env = { PATH: process.env.PATH, DATABASE_URL: database.url, PORT: String(port), LOG_LEVEL: 'warn' }
  const child = spawn(process.execPath, [program], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = once(child, 'exit')
  try {
    const ready = () =>
      fetch(`${address}/api/health/ready`).then(
        (response) => response.json(),
        () => null,
      )
    await expect.poll(ready, { timeout: 20_000 }).toEqual({
      success: true,
      units: Object.fromEntries(Object.keys(database.units).map((unit) => [unit, 'ready'])),
    })
    const description = await (await fetch(`${address}/openapi.json`)).json()
    expect(description).toHaveProperty(['paths', '/api/auth/register'])
  } finally {
    child.kill('SIGTERM')
  }
  expect((await ended)[0]).toBe(0)
})
