import { mappingLaws } from '../../../migration/testing/mapping-laws.ts'
import { disputes } from './mapping.ts'
import { disputeSchema } from './model.mongo.ts'

mappingLaws(disputes, disputeSchema)
