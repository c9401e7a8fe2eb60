import { boolean, defineMapping, integer, money, objectId, rows, text } from 'landbridge/mapping'
import { users } from '../../../user/schema.ts'
import { categories } from '../../category/schema.ts'
import { requestTemplateSpecifications, requestTemplates as table } from '../schema.ts'

/** `requesttemplates`, the specifications in a table of their own. */
export const requestTemplates = defineMapping({
  unit: 'request',
  collection: 'requesttemplates',
  table,
  fields: {
    sellerId: objectId(table.sellerId, { to: () => users, orphan: 'keep' }),
    categoryId: objectId(table.categoryId, { to: () => categories, orphan: 'keep' }),
    quantity: integer(table.quantity, { min: 1 }),
    usageCount: integer(table.usageCount, { min: 0 }),
    'budget.min': money(table.budgetMin, { min: '0' }),
    'budget.max': money(table.budgetMax, { min: '0' }),
    'budget.currency': text(table.budgetCurrency),
    'deliveryInfo.deliveryType': text(table.deliveryType),
    'deliveryInfo.notes': text(table.deliveryNotes),
    'deliveryInfo.email': text(table.deliveryEmail),
    'paymentConfig.useShopDefault': boolean(table.useShopDefault),
  },
  children: { specifications: rows(requestTemplateSpecifications) },
  // MongoDB has this index too; where it was missing, the later template keeps its link in `extra`.
  uniques: { request_templates_link_key: { paths: ['shareableLink'], outcome: 'extra' } },
})
