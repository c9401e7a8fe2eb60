import { NOTIFICATION_LIFE } from './domains/notification/index.ts'
import { after, type Clock, DAY } from './platform/clock.ts'
import { DomainError } from './platform/errors.ts'
import type { Job } from './platform/jobs.ts'
import type { Logger } from './platform/logger.ts'
import type { Units } from './units.ts'

export interface DataCleanupOptions {
  units: Pick<Units, 'notification' | 'user' | 'telegram'>
  clock: Clock
  logger: Logger
  /** So many rows go in one transaction, so that nobody waits for long. */
  batch?: number
}

/** Telegram repeats an update for a day at most. */
const UPDATE_LIFE = 7 * DAY

/**
 * Removes what has outlived its time. Where a unit's store has lifetimes of its own, its repositories remove nothing
 * here; a unit that takes no writes right now is left for the next round.
 */
export function createDataCleanup({ units, clock, logger, batch = 500 }: DataCleanupOptions): Job[] {
  const { notification, user, telegram } = units

  /** Batch after batch, until one is not full. */
  async function removeAll(what: string, removeSome: (limit: number) => Promise<number>): Promise<void> {
    let removed = 0
    try {
      for (;;) {
        const some = await removeSome(batch)
        removed += some
        if (some < batch) break
      }
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'UNIT_UNAVAILABLE') throw error
      logger.info({ what }, 'not cleaned up: the unit takes no writes right now')
    }
    if (removed > 0) logger.info({ what, removed }, 'cleaned up')
  }

  return [
    {
      name: 'clean-up-notifications',
      schedule: '17 * * * *',
      run: () =>
        removeAll('notifications', (limit) =>
          notification.transaction(({ notifications }) =>
            notifications.removeExpired(after(clock.now(), -NOTIFICATION_LIFE), limit),
          ),
        ),
    },
    {
      name: 'clean-up-verifications',
      schedule: '*/5 * * * *',
      run: () =>
        removeAll('verifications', (limit) =>
          user.transaction(({ tempVerifications }) => tempVerifications.removeExpired(clock.now(), limit)),
        ),
    },
    {
      name: 'clean-up-telegram',
      schedule: '* * * * *',
      run: async () => {
        await removeAll('Telegram sessions', (limit) =>
          telegram.transaction(({ sessions }) => sessions.removeExpired(clock.now(), limit)),
        )
        await removeAll('Telegram updates', (limit) =>
          telegram.transaction(({ updates }) =>
            updates.removeExpired(after(clock.now(), -UPDATE_LIFE), limit),
          ),
        )
      },
    },
  ]
}
