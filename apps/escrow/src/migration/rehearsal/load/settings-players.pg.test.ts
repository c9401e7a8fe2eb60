import { expect, test } from 'vitest'
import { seededRandom } from '../../../../seed/legacy/random.ts'
import { parseId } from '../../../platform/ids.ts'
import { escrowApp, signUp } from '../../../testing/escrow-app.ts'
import { escrowDatabase } from '../../../testing/escrow-database.ts'
import { acknowledgedWrites } from '../acknowledged-writes.ts'
import type { LoadClient } from './http-client.ts'
import { type LoadWorld, newLoadCounts } from './load-world.ts'
import { settingsPlayer } from './settings-player.ts'
import { shopPlayer } from './shop-player.ts'

test('who keeps shops, levels and settings is served, and each write is looked up later', async () => {
  await using database = await escrowDatabase()
  const escrow = escrowApp(database.units)
  const { id } = await signUp(escrow, { role: 'seller' })
  const call: LoadClient['call'] = async (method, path, { actor, body } = {}) => {
    const token = actor && (await escrow.tokenFor(actor.role, parseId(actor.id)))
    const answer = await escrow.call(method as 'GET', path, { token, body: body as object })
    return answer.status < 300
      ? { kind: 'done', status: answer.status, data: answer.body.data ?? {} }
      : { kind: 'refused', status: answer.status, code: answer.body.code }
  }
  const writes = acknowledgedWrites()
  const world: LoadWorld = {
    client: { call, setProcesses: () => {} },
    writes,
    counts: newLoadCounts(),
    random: seededRandom(1),
    admin: { id, role: 'admin' },
    buyers: [],
    sellers: [],
    categoryId: '',
    webhookSecretKey: '',
    telegramBotToken: '',
    mailedCode: async () => null,
    stopped: false,
  }
  for (const act of [shopPlayer(world, { id, role: 'seller' }), settingsPlayer(world)]) {
    for (let turn = 0; turn < 3; turn += 1) await act()
  }
  expect(world.counts).toMatchObject({ reads: 12, readsRefused: 0, refused: 0, unknown: 0 })
  const written = (['shop', 'level', 'config'] as const)
    .flatMap((unit) => writes.of(unit))
    .map(({ unit, path }) => `${unit} ${path}`)
  expect(written.sort()).toEqual(['config value', 'level color', 'level nameEn', 'shop description'])
})
