import { expect, test } from 'vitest'
import { escrowApp, signUp } from '../../../testing/escrow-app.ts'
import { escrowDatabase } from '../../../testing/escrow-database.ts'
import { injectedLoad } from '../../testing/injected-load.ts'
import { settingsPlayer } from './settings-player.ts'
import { shopPlayer } from './shop-player.ts'

test('who keeps shops, levels and settings is served, and each write is looked up later', async () => {
  await using database = await escrowDatabase()
  const escrow = escrowApp(database.units)
  const { id } = await signUp(escrow, { role: 'seller' })
  const world = injectedLoad(escrow, {
    admin: { id, role: 'admin' },
  })
  const { writes } = world
  for (const act of [shopPlayer(world, { id, role: 'seller' }), settingsPlayer(world)]) {
    for (let turn = 0; turn < 3; turn += 1) await act()
  }
  expect(world.counts).toMatchObject({ reads: 12, readsRefused: 0, refused: 0, unknown: 0 })
  const written = (['shop', 'level', 'config'] as const)
    .flatMap((unit) => writes.of(unit))
    .map(({ unit, path }) => `${unit} ${path}`)
  expect(written.sort()).toEqual(['config value', 'level color', 'level nameEn', 'shop description'])
})
