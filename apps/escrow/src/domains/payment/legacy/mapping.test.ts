import { mappingLaws } from '../../../migration/testing/mapping-laws.ts'
import { derivedDestinations } from '../destination/legacy/mapping.ts'
import { derivedDestinationSchema } from '../destination/legacy/model.mongo.ts'
import { fundsLedgerEntries, payments } from './mapping.ts'
import { fundsLedgerEntrySchema, paymentSchema } from './model.mongo.ts'

mappingLaws(payments, paymentSchema)
mappingLaws(fundsLedgerEntries, fundsLedgerEntrySchema)
mappingLaws(derivedDestinations, derivedDestinationSchema)
