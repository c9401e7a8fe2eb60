import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { systemClock } from '../src/platform/clock.ts'
import { freePort } from '../src/platform/free-port.ts'
import { argon2Passwords } from '../src/platform/passwords.ts'
import { escrowDatabase } from '../src/testing/escrow-database.ts'
import { exampleUser } from '../src/testing/example-user.ts'
import { categories, levels, settings } from './first-data.ts'
import { seed } from './seed.ts'

const pathOf = (file: string) => fileURLToPath(new URL(file, import.meta.url))
const run = promisify(execFile)
const administrator = { email: 'root@example.com', password: 'a good long password' }

/** Whatever JSON came. */
const bodyOf = (response: Response): Promise<ReturnType<typeof JSON.parse>> => response.json()

function environment(url: string, more: Record<string, string> = {}) {
  return {
    PATH: process.env.PATH,
    DATABASE_URL: url,
    LOG_LEVEL: 'warn',
    ADMIN_EMAIL: administrator.email,
    ADMIN_PASSWORD: administrator.password,
    ...more,
  }
}

test('a seeded database is served, and a second seed finds nothing missing', async () => {
  await using database = await escrowDatabase()
  const seedOnce = async () =>
    (await run(process.execPath, [pathOf('cli.ts')], { env: environment(database.url) })).stdout
  const seeds = categories.flatMap(({ children = [] }) => [null, ...children])
  expect(await seedOnce()).toBe(
    `Made 1 administrator, ${seeds.length} categories, 5 levels, ${settings.length} settings. ` +
      'The administrator is root@example.com.\n',
  )
  expect(await seedOnce()).toBe('Nothing was missing.\n')

  const port = await freePort()
  const env = environment(database.url, { PORT: String(port) })
  const program = spawn(process.execPath, [pathOf('../src/main.ts')], { env, stdio: 'ignore' })
  const ended = once(program, 'exit')
  try {
    const api = `http://127.0.0.1:${port}/api`
    const ready = () =>
      fetch(`${api}/health/ready`).then(
        ({ status }) => status,
        () => null,
      )
    await expect.poll(ready, { timeout: 20_000 }).toBe(200)
    const signIn = await fetch(`${api}/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(administrator),
    })
    const { data } = await bodyOf(signIn)
    expect(data.user.role).toBe('admin')
    const read = async (path: string) => {
      const headers = { authorization: `Bearer ${data.tokens.accessToken}` }
      return (await bodyOf(await fetch(`${api}${path}`, { headers }))).data
    }
    expect(await read('/points/levels')).toMatchObject(
      levels.map(({ level, minPoints }) => ({ level, minPoints })),
    )
    expect(await read('/marketplace/categories')).toHaveLength(seeds.length)
    expect(await read('/admin/settings/confirmation-thresholds')).toContainEqual({
      chain: '56',
      name: 'bsc',
      floor: 200,
      confirmations: 200,
    })
    expect(await read('/admin/settings/confirmation_threshold:56/history')).toMatchObject({ total: 1 })
  } finally {
    program.kill('SIGTERM')
  }
  expect((await ended)[0]).toBe(0)
})

test('nobody becomes an administrator by the way', async () => {
  await using database = await escrowDatabase()
  const buyer = exampleUser({ email: administrator.email, role: 'buyer' })
  await database.units.user.transaction(({ users }) => users.insert(buyer))
  const { units } = database
  const passwords = argon2Passwords()
  const seeding = seed({ units, clock: systemClock, passwords, administrator })
  await expect(seeding).rejects.toMatchObject({ code: 'ADMINISTRATOR_IS_SOMEBODY_ELSE' })
  expect(await units.category.read.categories.list({ activeOnly: false })).toEqual([])
})
