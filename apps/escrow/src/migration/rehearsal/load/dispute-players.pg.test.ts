import { expect, test } from 'vitest'
import { escrowDatabase } from '../../../testing/escrow-database.ts'
import { marketplace } from '../../../testing/marketplace.ts'
import { injectedLoad } from '../../testing/injected-load.ts'
import { disputePlayer } from './dispute-player.ts'
import { templatePlayer } from './template-player.ts'

test('who quarrels and who sells ready-made is served, and each write is looked up later', async () => {
  await using database = await escrowDatabase()
  const { escrow, buyer, seller, admin, categoryId } = await marketplace(database.units)
  const world = injectedLoad(escrow, {
    admin: { id: admin.id, role: 'admin' },
    buyers: [{ id: buyer.id, role: 'buyer' }],
    sellers: [{ id: seller.id, role: 'seller' }],
    categoryId,
  })
  const { writes } = world
  const [asBuyer, asSeller] = [
    { id: buyer.id, role: 'buyer' } as const,
    { id: seller.id, role: 'seller' } as const,
  ]
  for (const act of [disputePlayer(world, asBuyer), templatePlayer(world, asSeller, asBuyer)]) {
    for (let turn = 0; turn < 4; turn += 1) await act()
  }
  expect(world.counts).toMatchObject({ readsRefused: 0, refused: 0, unknown: 0 })
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
})
