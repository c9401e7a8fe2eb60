import {
  configSettingHistory as historyMapping,
  configSettings as settingMapping,
} from '../domains/admin/legacy/mapping.ts'
import {
  changeOf as changeOfDocument,
  settingOf as settingOfDocument,
} from '../domains/admin/legacy/repository.mongo.ts'
import { changeOf, settingOf } from '../domains/admin/repository.postgres.ts'
import { configSettingHistory, configSettings } from '../domains/admin/schema.ts'
import { shopSettings as shopMapping } from '../domains/marketplace/shop/legacy/mapping.ts'
import { shopOf as shopOfDocument } from '../domains/marketplace/shop/legacy/repository.mongo.ts'
import { shopOf } from '../domains/marketplace/shop/repository.postgres.ts'
import { shopSettings } from '../domains/marketplace/shop/schema.ts'
import { levelConfigs as levelMapping } from '../domains/points/level/legacy/mapping.ts'
import { levelOf as levelOfDocument } from '../domains/points/level/legacy/repository.mongo.ts'
import { levelOf } from '../domains/points/level/repository.postgres.ts'
import { levelConfigs } from '../domains/points/level/schema.ts'
import { readsAlike } from './testing/reads-alike.ts'
import { selected } from './testing/rows-as-read.ts'

readsAlike(shopMapping, shopOfDocument, (rows) => {
  const [row] = selected(rows, shopSettings)
  return row && shopOf(row)
})

readsAlike(levelMapping, levelOfDocument, (rows) => {
  const [row] = selected(rows, levelConfigs)
  return row && levelOf(row)
})

readsAlike(settingMapping, settingOfDocument, (rows) => {
  const [row] = selected(rows, configSettings)
  return row && settingOf(row)
})

readsAlike(historyMapping, changeOfDocument, (rows) => {
  const [row] = selected(rows, configSettingHistory)
  return row && changeOf(row)
})
