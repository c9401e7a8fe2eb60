import { mappingLaws } from '../../../../migration/testing/mapping-laws.ts'
import { sellerOffers } from './mapping.ts'
import { sellerOfferSchema } from './model.mongo.ts'

mappingLaws(sellerOffers, sellerOfferSchema)
