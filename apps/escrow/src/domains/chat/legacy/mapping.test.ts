import { mappingLaws } from '../../../migration/testing/mapping-laws.ts'
import { chats } from './mapping.ts'
import { chatSchema } from './model.mongo.ts'

mappingLaws(chats, chatSchema)
