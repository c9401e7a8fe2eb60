import { defineMapping } from 'landbridge/mapping'
import { tempVerifications as table } from '../schema.ts'

/** `tempverifications`. Its time to live ends with the authority that expires rows; a twin keeps its address in `extra`. */
export const tempVerifications = defineMapping({
  unit: 'user',
  collection: 'tempverifications',
  table,
  uniques: { temp_verifications_email_key: { paths: ['email'], outcome: 'extra' } },
})
