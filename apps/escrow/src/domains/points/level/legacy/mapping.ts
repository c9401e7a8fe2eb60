import { defineMapping } from 'landbridge/mapping'
import { levelConfigs as table } from '../schema.ts'

/**
 * `levelconfigs`. Of active levels that overlap, the lowest id has its range; the others keep where they begin in
 * `extra`, and a range without a beginning stands in nobody's way.
 */
export const levelConfigs = defineMapping({
  unit: 'level',
  collection: 'levelconfigs',
  table,
  uniques: {
    level_configs_level_key: { paths: ['level'], outcome: 'extra' },
    level_configs_active_min_points_key: { paths: ['minPoints'], outcome: 'extra' },
    level_configs_ranges_apart: { paths: ['minPoints'], outcome: 'extra' },
  },
})
