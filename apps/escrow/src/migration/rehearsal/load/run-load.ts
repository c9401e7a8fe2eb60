import { setTimeout as sleep } from 'node:timers/promises'
import { addressPlayer } from './address-player.ts'
import { blogPlayer } from './blog-player.ts'
import { categoryPlayer } from './category-player.ts'
import { chatPlayer } from './chat-player.ts'
import { dealPlayer } from './deal-player.ts'
import { disputePlayer } from './dispute-player.ts'
import type { LoadWorld } from './load-world.ts'
import { notificationPlayer } from './notification-player.ts'
import { reviewPlayer } from './review-player.ts'
import { settingsPlayer } from './settings-player.ts'
import { shopPlayer } from './shop-player.ts'
import { telegramPlayer } from './telegram-player.ts'
import { templatePlayer } from './template-player.ts'
import { trezorPlayer } from './trezor-player.ts'
import { signUpPlayer, userPlayer } from './user-player.ts'

export interface RunningLoad {
  stop(): Promise<void>
}

/** Plays the marketplace until it is stopped: each player does one thing after the other, with a rest between. */
export function runLoad(world: LoadWorld, options: { restMs: number }): RunningLoad {
  let stopped = false
  const play = async (act: () => Promise<void>, restMs: number) => {
    while (!stopped) {
      await act()
      await sleep(restMs * (0.5 + Math.random()))
    }
  }
  const players = [
    play(categoryPlayer(world), options.restMs * 2),
    play(settingsPlayer(world), options.restMs * 4),
    ...world.sellers.slice(0, 2).map((seller) => play(shopPlayer(world, seller), options.restMs * 4)),
    play(signUpPlayer(world), options.restMs * 6),
    play(telegramPlayer(world), options.restMs * 6),
    ...world.buyers.slice(0, 4).map((buyer) => play(userPlayer(world, buyer), options.restMs * 2)),
    ...world.buyers.slice(0, 2).map((buyer, index) => {
      const seller = world.sellers[index]
      if (seller === undefined) throw new Error('the load needs sellers')
      return play(chatPlayer(world, buyer, seller), options.restMs * 2)
    }),
    ...world.buyers
      .slice(0, 2)
      .flatMap((buyer) => [
        play(addressPlayer(world, buyer), options.restMs * 3),
        play(reviewPlayer(world, buyer), options.restMs * 3),
        play(blogPlayer(world, buyer), options.restMs * 3),
      ]),
    ...world.buyers.slice(2, 4).map((buyer) => play(notificationPlayer(world, buyer), options.restMs * 2)),
    ...world.sellers.slice(0, 2).map((seller) => play(trezorPlayer(world, seller), options.restMs * 2)),
    ...world.buyers.slice(0, 2).map((buyer, index) => {
      const seller = world.sellers[index]
      if (seller === undefined) throw new Error('the load needs sellers')
      return play(disputePlayer(world, buyer, seller), options.restMs * 4)
    }),
    ...world.buyers.slice(2, 4).map((buyer, index) => {
      const seller = world.sellers[index]
      if (seller === undefined) throw new Error('the load needs sellers')
      return play(templatePlayer(world, seller, buyer), options.restMs * 6)
    }),
    // The last buyer only looks: the rehearsal damages that row on purpose, and a write would mend it.
    ...world.buyers.slice(4, -1).map((buyer, index) => {
      const seller = world.sellers[index % world.sellers.length]
      if (seller === undefined) throw new Error('the load needs sellers')
      return play(dealPlayer(world, buyer, seller), options.restMs)
    }),
  ]
  return {
    async stop() {
      stopped = true
      await Promise.all(players)
    },
  }
}
