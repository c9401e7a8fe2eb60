import { expect, test } from 'vitest'
import { seededRandom } from '../../../../seed/legacy/random.ts'
import { parseId } from '../../../platform/ids.ts'
import { escrowApp, signUp } from '../../../testing/escrow-app.ts'
import { escrowDatabase } from '../../../testing/escrow-database.ts'
import { acknowledgedWrites } from '../acknowledged-writes.ts'
import { addressPlayer } from './address-player.ts'
import { blogPlayer } from './blog-player.ts'
import type { LoadClient } from './http-client.ts'
import { type LoadWorld, newLoadCounts } from './load-world.ts'
import { reviewPlayer } from './review-player.ts'

test('people keep addresses, review sellers and read the blog, and each write is looked up later', async () => {
  await using database = await escrowDatabase()
  const escrow = escrowApp(database.units)
  const { id } = await signUp(escrow)
  const seller = await signUp(escrow, { role: 'seller' })
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
    sellers: [{ id: seller.id, role: 'seller' }],
    categoryId: '',
    webhookSecretKey: '',
    telegramBotToken: '',
    mailedCode: async () => null,
    stopped: false,
  }
  const person = { id, role: 'buyer' as const }
  for (const act of [addressPlayer(world, person), reviewPlayer(world, person), blogPlayer(world, person)]) {
    for (let turn = 0; turn < 8; turn += 1) await act()
  }
  expect(world.counts).toMatchObject({ readsRefused: 0, refused: 0, unknown: 0 })
  const written = (['address', 'review', 'blog'] as const).flatMap((unit) =>
    writes.of(unit).map(({ path }) => `${unit} ${path}`),
  )
  expect([...new Set(written)].sort()).toEqual([
    'address fullAddress',
    'address zipCode',
    'blog content',
    'blog title',
    'review comment',
  ])
})
