import type { Page, Paged } from '../../platform/answer.ts'
import type { ConfigSetting, ConfigSettingChange } from './model.ts'

export interface ConfigSettingRepository {
  /** In the order of ids, so that both stores answer alike. */
  list(): Promise<ConfigSetting[]>
  /** Reads a setting that this transaction is going to change; others wait or run again. */
  lock(key: string): Promise<ConfigSetting | null>
  /** Raises SETTING_TAKEN. */
  insert(setting: ConfigSetting): Promise<void>
  /** Replaces what is stored under the id. Raises SETTING_TAKEN. */
  update(setting: ConfigSetting): Promise<void>
}

export interface ConfigHistoryRepository {
  insert(change: ConfigSettingChange): Promise<void>
  /** Newest first; changes without a date come last, the higher id first among equals. */
  listOf(key: string, page: Page): Promise<Paged<ConfigSettingChange>>
}
