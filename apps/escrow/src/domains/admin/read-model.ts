import { cached } from '../../platform/cached.ts'
import { type Clock, SECOND } from '../../platform/clock.ts'
import type { Units } from '../../units.ts'
import { chainConfirmations, confirmationsOf, thresholdKey } from './confirmation-thresholds.ts'

/** What other domains may know of the settings. Values are those of the last 30 seconds. */
export interface SettingsReadModel {
  /** The stored value, or null. */
  value(key: string): Promise<unknown>
  /** Confirmations that a transfer needs on a chain; null where nothing is credited at all. */
  confirmationThreshold(chain: number | string): Promise<number | null>
  /** The next question reads them anew. */
  forget(): void
}

export function createSettingsReadModel({
  units,
  clock,
}: {
  units: Pick<Units, 'config'>
  clock: Clock
}): SettingsReadModel {
  // All at once: there are few, and one statement in 30 seconds is less than one a key.
  const values = cached(clock, 30 * SECOND, async () => {
    const settings = await units.config.read.settings.list()
    return new Map(settings.flatMap(({ key, value }) => (key === null ? [] : [[key, value]])))
  })

  async function value(key: string): Promise<unknown> {
    return (await values.get()).get(key) ?? null
  }

  return {
    value,
    async confirmationThreshold(id) {
      const chain = chainConfirmations.find(({ chain }) => chain === String(id))
      return chain === undefined ? null : confirmationsOf(chain, await value(thresholdKey(chain.chain)))
    },
    forget: values.forget,
  }
}
