import { defineMapping, objectId } from 'landbridge/mapping'
import { users } from '../../user/schema.ts'
import { addresses as table } from '../schema.ts'

/** `addresses`. Old data has people with two primary ones: the later ones keep the mark in `extra`. */
export const addresses = defineMapping({
  unit: 'address',
  collection: 'addresses',
  table,
  fields: { userId: objectId(table.userId, { to: () => users, orphan: 'keep' }) },
  uniques: { addresses_primary_key: { paths: ['primary'], outcome: 'extra' } },
})
