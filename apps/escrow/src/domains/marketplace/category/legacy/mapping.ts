import { defineMapping, objectId } from 'landbridge/mapping'
import { categories as table } from '../schema.ts'

/** `categories`. Old data has several active categories of one name: the later ones keep theirs in `extra`. */
export const categories = defineMapping({
  unit: 'category',
  collection: 'categories',
  table,
  fields: { parentId: objectId(table.parentId, { to: () => table, orphan: 'keep' }) },
  uniques: {
    categories_name_en_key: { paths: ['nameEn'], outcome: 'extra' },
    categories_active_name_key: { paths: ['name'], outcome: 'extra' },
  },
})
