import { addresses as addressMapping } from '../domains/address/legacy/mapping.ts'
import { addressOf as addressOfDocument } from '../domains/address/legacy/repository.mongo.ts'
import { addressOf } from '../domains/address/repository.postgres.ts'
import { addresses } from '../domains/address/schema.ts'
import { tempVerifications as verificationMapping } from '../domains/auth/legacy/mapping.ts'
import { verificationOf as verificationOfDocument } from '../domains/auth/legacy/repository.mongo.ts'
import { verificationOf } from '../domains/auth/repository.postgres.ts'
import { tempVerifications } from '../domains/auth/schema.ts'
import { postOf as postOfDocument } from '../domains/blog/legacy/document.ts'
import { blogPosts as blogPostMapping } from '../domains/blog/legacy/mapping.ts'
import { postOf } from '../domains/blog/row.ts'
import { blogPosts } from '../domains/blog/schema.ts'
import { disputeOf as disputeOfDocument } from '../domains/dispute/legacy/documents.ts'
import { disputes as disputeMapping } from '../domains/dispute/legacy/mapping.ts'
import { disputeOf } from '../domains/dispute/row.ts'
import { disputes } from '../domains/dispute/schema.ts'
import { categories as categoryMapping } from '../domains/marketplace/category/legacy/mapping.ts'
import { categoryOf as categoryOfDocument } from '../domains/marketplace/category/legacy/repository.mongo.ts'
import { categoryOf } from '../domains/marketplace/category/repository.postgres.ts'
import { categories } from '../domains/marketplace/category/schema.ts'
import { reviews as reviewMapping } from '../domains/marketplace/review/legacy/mapping.ts'
import { reviewOf as reviewOfDocument } from '../domains/marketplace/review/legacy/repository.mongo.ts'
import { reviewOf } from '../domains/marketplace/review/repository.postgres.ts'
import { reviews } from '../domains/marketplace/review/schema.ts'
import { notifications as notificationMapping } from '../domains/notification/legacy/mapping.ts'
import { notificationOf as notificationOfDocument } from '../domains/notification/legacy/repository.mongo.ts'
import { notificationOf } from '../domains/notification/repository.postgres.ts'
import { notifications } from '../domains/notification/schema.ts'
import { pointTransactions as pointMapping } from '../domains/points/legacy/mapping.ts'
import { entryOf as entryOfDocument } from '../domains/points/legacy/repository.mongo.ts'
import { entryOf } from '../domains/points/repository.postgres.ts'
import { pointTransactions } from '../domains/points/schema.ts'
import { linkOf as linkOfDocument } from '../domains/telegram/legacy/link.repository.mongo.ts'
import {
  telegramLinks as linkMapping,
  telegramSessions as sessionMapping,
} from '../domains/telegram/legacy/mapping.ts'
import { sessionOf as sessionOfDocument } from '../domains/telegram/legacy/repository.mongo.ts'
import { linkOf } from '../domains/telegram/link.repository.postgres.ts'
import { sessionOf } from '../domains/telegram/repository.postgres.ts'
import { telegramLinks, telegramSessions } from '../domains/telegram/schema.ts'
import { trezorAccounts as trezorMapping } from '../domains/trezor/legacy/mapping.ts'
import { accountOf as accountOfDocument } from '../domains/trezor/legacy/repository.mongo.ts'
import { accountOf } from '../domains/trezor/row.ts'
import { trezorAccounts, trezorAddresses } from '../domains/trezor/schema.ts'
import { readsAlike } from './testing/reads-alike.ts'
import { selected } from './testing/rows-as-read.ts'

readsAlike(categoryMapping, categoryOfDocument, (rows) => {
  const [row] = selected(rows, categories)
  return row && categoryOf(row)
})

readsAlike(pointMapping, entryOfDocument, (rows) => {
  const [row] = selected(rows, pointTransactions)
  return row && entryOf(row)
})

readsAlike(addressMapping, addressOfDocument, (rows) => {
  const [row] = selected(rows, addresses)
  return row && addressOf(row)
})

readsAlike(reviewMapping, reviewOfDocument, (rows) => {
  const [row] = selected(rows, reviews)
  return row && reviewOf(row)
})

readsAlike(blogPostMapping, postOfDocument, (rows) => {
  const [row] = selected(rows, blogPosts)
  return row && postOf(row)
})

readsAlike(disputeMapping, disputeOfDocument, (rows) => {
  const [row] = selected(rows, disputes)
  return row && disputeOf(row)
})

readsAlike(notificationMapping, notificationOfDocument, (rows) => {
  const [row] = selected(rows, notifications)
  return row && notificationOf(row)
})

readsAlike(linkMapping, linkOfDocument, (rows) => {
  const [row] = selected(rows, telegramLinks)
  return row && linkOf(row)
})

readsAlike(sessionMapping, sessionOfDocument, (rows) => {
  const [row] = selected(rows, telegramSessions)
  return row && sessionOf(row)
})

readsAlike(verificationMapping, verificationOfDocument, (rows) => {
  const [row] = selected(rows, tempVerifications)
  return row && verificationOf(row)
})

readsAlike(trezorMapping, accountOfDocument, (rows) => {
  const [row] = selected(rows, trezorAccounts)
  return row && accountOf(row, selected(rows, trezorAddresses))
})
