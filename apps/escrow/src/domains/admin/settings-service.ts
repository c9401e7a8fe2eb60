import type { Page, Paged } from '../../platform/answer.ts'
import type { Actor } from '../../platform/auth-guard.ts'
import type { Clock } from '../../platform/clock.ts'
import { notFound } from '../../platform/errors.ts'
import { newId } from '../../platform/ids.ts'
import type { ConfigRepositories, Units } from '../../units.ts'
import {
  type ChainConfirmations,
  chainConfirmations,
  chainOfKey,
  confirmationsOf,
  isThresholdKey,
  thresholdKey,
} from './confirmation-thresholds.ts'
import { thresholdBelowFloor, unknownChain } from './errors.ts'
import {
  type ConfigSetting,
  type ConfigSettingChange,
  type SettingChange,
  type ThresholdChanges,
  typeOf,
} from './model.ts'
import type { SettingsReadModel } from './read-model.ts'

export interface ConfirmationThreshold extends ChainConfirmations {
  confirmations: number
}

export interface SettingsService {
  /** In the order of keys. */
  list(): Promise<ConfigSetting[]>
  /** Changes an existing setting and writes its history. Raises NOT_FOUND, CHAIN_UNKNOWN, THRESHOLD_BELOW_FLOOR. */
  change(key: string, change: SettingChange, actor: Pick<Actor, 'id'>): Promise<ConfigSetting>
  /** Also of settings that are gone. */
  history(key: string, page: Page): Promise<Paged<ConfigSettingChange>>
  confirmationThresholds(): Promise<ConfirmationThreshold[]>
  /** All or none of them. Raises CHAIN_UNKNOWN, THRESHOLD_BELOW_FLOOR, SETTING_TAKEN. */
  changeConfirmationThresholds(
    changes: ThresholdChanges,
    actor: Pick<Actor, 'id'>,
  ): Promise<ConfirmationThreshold[]>
}

export interface SettingsServiceOptions {
  units: Pick<Units, 'config'>
  clock: Clock
  /** Told of each change, so that this process serves it at once. */
  settings: Pick<SettingsReadModel, 'forget'>
}

interface Setting extends SettingChange {
  key: string
  changedBy: Actor['id']
}

export function createSettingsService({
  units,
  clock,
  settings: readModel,
}: SettingsServiceOptions): SettingsService {
  const store = units.config

  async function changing<T>(work: (repositories: ConfigRepositories) => Promise<T>): Promise<T> {
    const result = await store.transaction(work)
    readModel.forget()
    return result
  }

  async function set(
    { settings, history }: ConfigRepositories,
    before: ConfigSetting | null,
    { key, value, reason, changedBy }: Setting,
  ): Promise<ConfigSetting> {
    const at = clock.now()
    const setting: ConfigSetting = {
      id: before?.id ?? newId(at),
      key,
      value,
      type: typeOf(value),
      description: before?.description ?? null,
      updatedBy: changedBy,
      createdAt: before === null ? at : before.createdAt,
      updatedAt: at,
    }
    await (before === null ? settings.insert(setting) : settings.update(setting))
    await history.insert({
      id: newId(at),
      key,
      oldValue: before?.value ?? null,
      newValue: value,
      changedBy,
      reason,
      changedAt: at,
      createdAt: at,
      updatedAt: at,
    })
    return setting
  }

  async function confirmationThresholds(): Promise<ConfirmationThreshold[]> {
    const values = new Map((await store.read.settings.list()).map(({ key, value }) => [key, value]))
    return chainConfirmations.map((chain) => ({
      ...chain,
      confirmations: confirmationsOf(chain, values.get(thresholdKey(chain.chain))),
    }))
  }

  return {
    async list() {
      return (await store.read.settings.list()).sort((left, right) =>
        (left.key ?? '') < (right.key ?? '') ? -1 : 1,
      )
    },

    change(key, { value, reason }, { id: changedBy }) {
      if (isThresholdKey(key)) assertThreshold(key, value)
      return changing(async (repositories) => {
        const before = await repositories.settings.lock(key)
        if (before === null && !isThresholdKey(key)) throw notFound('setting', key)
        return set(repositories, before, { key, value, reason, changedBy })
      })
    },

    history: (key, page) => store.read.history.listOf(key, page),

    confirmationThresholds,

    async changeConfirmationThresholds({ thresholds, reason }, { id: changedBy }) {
      // In one order always, so that two administrators at once wait for each other and do not cross.
      const wanted = Object.entries(thresholds)
        .map(([chain, value]) => ({ key: thresholdKey(chain), value, reason, changedBy }))
        .sort((left, right) => (left.key < right.key ? -1 : 1))
      for (const { key, value } of wanted) assertThreshold(key, value)
      await changing(async (repositories) => {
        for (const setting of wanted) {
          const before = await repositories.settings.lock(setting.key)
          if (before?.value !== setting.value) await set(repositories, before, setting)
        }
      })
      return confirmationThresholds()
    },
  }
}

function assertThreshold(key: string, value: unknown): void {
  const chain = chainOfKey(key)
  if (chain === null) throw unknownChain(key.slice(thresholdKey('').length))
  if (typeof value !== 'number' || !Number.isInteger(value) || value < chain.floor) {
    throw thresholdBelowFloor(chain.name, chain.floor)
  }
}
