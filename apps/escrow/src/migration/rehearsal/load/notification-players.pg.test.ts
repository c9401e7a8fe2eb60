import { expect, test } from 'vitest'
import { readConfig } from '../../../platform/config.ts'
import { escrowApp, signUp } from '../../../testing/escrow-app.ts'
import { escrowDatabase } from '../../../testing/escrow-database.ts'
import { injectedLoad } from '../../testing/injected-load.ts'
import { notificationPlayer } from './notification-player.ts'
import { telegramPlayer } from './telegram-player.ts'

test('who is told things and who comes by Telegram is served, and each write is looked up later', async () => {
  await using database = await escrowDatabase()
  // Telegram's part is played by the present time, as in a rehearsal.
  const escrow = escrowApp(database.units, new Date().toISOString())
  const { id } = await signUp(escrow)
  const world = injectedLoad(escrow, {
    admin: { id, role: 'admin' },
    telegramBotToken: readConfig({ NODE_ENV: 'test' }).telegramBotToken,
  })
  const { writes } = world
  for (const act of [notificationPlayer(world, { id, role: 'buyer' }), telegramPlayer(world)]) {
    for (let turn = 0; turn < 3; turn += 1) await act()
  }
  expect(world.counts).toMatchObject({ readsRefused: 0, refused: 0, unknown: 0 })
  const written = (['notification', 'user'] as const).flatMap((unit) =>
    writes.of(unit).map(({ path }) => `${unit} ${path}`),
  )
  expect(new Set(written)).toEqual(new Set(['notification title', 'notification isRead', 'user firstName']))
})
