import { expect, test } from 'vitest'
import { seededRandom } from '../../../../seed/legacy/random.ts'
import { readConfig } from '../../../platform/config.ts'
import { parseId } from '../../../platform/ids.ts'
import { escrowApp, signUp } from '../../../testing/escrow-app.ts'
import { escrowDatabase } from '../../../testing/escrow-database.ts'
import { acknowledgedWrites } from '../acknowledged-writes.ts'
import type { LoadClient } from './http-client.ts'
import { type LoadWorld, newLoadCounts } from './load-world.ts'
import { notificationPlayer } from './notification-player.ts'
import { telegramPlayer } from './telegram-player.ts'

test('who is told things and who comes by Telegram is served, and each write is looked up later', async () => {
  await using database = await escrowDatabase()
  // Telegram's part is played by the present time, as in a rehearsal.
  const escrow = escrowApp(database.units, new Date().toISOString())
  const { id } = await signUp(escrow)
  const call: LoadClient['call'] = async (method, url, { actor, body, headers } = {}) => {
    const token = actor && (await escrow.tokenFor(actor.role, parseId(actor.id)))
    const response = await escrow.app.inject({
      method: method as 'GET',
      url,
      headers: { ...headers, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
      ...(body === undefined ? {} : { payload: body as object }),
    })
    const answer = response.json()
    return response.statusCode < 300
      ? { kind: 'done', status: response.statusCode, data: answer.data ?? {} }
      : { kind: 'refused', status: response.statusCode, code: answer.code }
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
    telegramBotToken: readConfig({ NODE_ENV: 'test' }).telegramBotToken,
    mailedCode: async () => null,
    stopped: false,
  }
  for (const act of [notificationPlayer(world, { id, role: 'buyer' }), telegramPlayer(world)]) {
    for (let turn = 0; turn < 3; turn += 1) await act()
  }
  expect(world.counts).toMatchObject({ readsRefused: 0, refused: 0, unknown: 0 })
  const written = (['notification', 'user'] as const).flatMap((unit) =>
    writes.of(unit).map(({ path }) => `${unit} ${path}`),
  )
  expect(new Set(written)).toEqual(new Set(['notification title', 'notification isRead', 'user firstName']))
})
