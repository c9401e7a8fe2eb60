import { mappingLaws } from '../../../../migration/testing/mapping-laws.ts'
import { purchaseRequests } from './mapping.ts'
import { purchaseRequestSchema } from './model.mongo.ts'

mappingLaws(purchaseRequests, purchaseRequestSchema)
