import { mappingLaws } from '../../../../migration/testing/mapping-laws.ts'
import { requestTemplates } from './mapping.ts'
import { requestTemplateSchema } from './model.mongo.ts'

mappingLaws(requestTemplates, requestTemplateSchema)
