import { expect, test } from 'vitest'
import { readConfig } from '../../../platform/config.ts'
import { escrowDatabase } from '../../../testing/escrow-database.ts'
import { marketplace } from '../../../testing/marketplace.ts'
import { injectedLoad } from '../../testing/injected-load.ts'
import { disputePlayer } from './dispute-player.ts'
import { templatePlayer } from './template-player.ts'

test('who quarrels and who sells ready-made is served, and each write is looked up later', async () => {
  await using database = await escrowDatabase()
  const { escrow, buyer, seller, admin, categoryId } = await marketplace(database.units)
  const { client, ...rest } = injectedLoad(escrow, {
    admin: { id: admin.id, role: 'admin' },
    buyers: [{ id: buyer.id, role: 'buyer' }],
    sellers: [{ id: seller.id, role: 'seller' }],
    categoryId,
    webhookSecretKey: readConfig({ NODE_ENV: 'test' }).webhookSecretKey,
  })
  const { writes } = rest
  // Whoever looks waits for effects: they are delivered before each look.
  const call: typeof client.call = async (method, ...parameters) => {
    if (method === 'GET') await escrow.effects.deliverDue()
    return client.call(method, ...parameters)
  }
  const world = { ...rest, client: { ...client, call } }
  const [asBuyer, asSeller] = [
    { id: buyer.id, role: 'buyer' } as const,
    { id: seller.id, role: 'seller' } as const,
  ]
  const quarrel = disputePlayer(world, asBuyer, asSeller)
  for (let turn = 0; turn < 8; turn += 1) await quarrel()
  const sell = templatePlayer(world, asSeller, asBuyer)
  for (let turn = 0; turn < 4; turn += 1) await sell()
  expect(world.counts).toMatchObject({ readsRefused: 0, refused: 0, unknown: 0, codes: new Map() })
  expect(world.counts.reads).toBeGreaterThan(12)
  const written = new Set(
    (['dispute', 'request'] as const)
      .flatMap((unit) => writes.of(unit))
      .map(({ collection, path }) => `${collection} ${path}`),
  )
  for (const one of [
    'disputes reason',
    'disputes messages.0.content',
    'disputes resolution.action',
    'requesttemplates proposal',
    'purchaserequests templateId',
  ])
    expect(written).toContain(one)
  const ends = (['payment', 'request'] as const)
    .flatMap((unit) => writes.of(unit))
    .filter(({ path }) => path === 'escrowState' || path === 'status')
    .map(({ allowed }) => allowed.join(' or '))
  for (const end of ['refunded', 'cancelled', 'released', 'completed or seller_paid'])
    expect(ends).toContain(end)
})
