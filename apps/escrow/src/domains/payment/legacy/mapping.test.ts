import { mappingLaws } from '../../../migration/testing/mapping-laws.ts'
import { fundsLedgerEntries, payments } from './mapping.ts'
import { fundsLedgerEntrySchema, paymentSchema } from './model.mongo.ts'

mappingLaws(payments, paymentSchema)
mappingLaws(fundsLedgerEntries, fundsLedgerEntrySchema)
