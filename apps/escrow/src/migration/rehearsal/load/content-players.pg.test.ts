import { expect, test } from 'vitest'
import { escrowApp, signUp } from '../../../testing/escrow-app.ts'
import { escrowDatabase } from '../../../testing/escrow-database.ts'
import { injectedLoad } from '../../testing/injected-load.ts'
import { addressPlayer } from './address-player.ts'
import { blogPlayer } from './blog-player.ts'
import { reviewPlayer } from './review-player.ts'

test('people keep addresses, review sellers and read the blog, and each write is looked up later', async () => {
  await using database = await escrowDatabase()
  const escrow = escrowApp(database.units)
  const { id } = await signUp(escrow)
  const seller = await signUp(escrow, { role: 'seller' })
  const world = injectedLoad(escrow, {
    admin: { id, role: 'admin' },
    sellers: [{ id: seller.id, role: 'seller' }],
  })
  const { writes } = world
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
