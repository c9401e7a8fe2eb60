import type { Dirtyings } from './dirt/dirtying.ts'
import { everywhereDirt } from './dirt/everywhere.ts'
import {
  categoryDirt,
  configSettingDirt,
  configSettingHistoryDirt,
  levelConfigDirt,
  purchaseRequestDirt,
  requestTemplateDirt,
  sellerOfferDirt,
  shopSettingsDirt,
} from './dirt/marketplace.ts'
import {
  derivedDestinationDirt,
  disputeDirt,
  ledgerEntryDirt,
  paymentDirt,
  trezorAccountDirt,
} from './dirt/money.ts'
import {
  addressDirt,
  pointTransactionDirt,
  telegramLinkDirt,
  telegramSessionDirt,
  tempVerificationDirt,
  userDirt,
} from './dirt/people.ts'
import { blogPostDirt, chatDirt, notificationDirt, reviewDirt } from './dirt/talk.ts'

const byCollection: Record<string, Dirtyings> = {
  users: userDirt,
  pointtransactions: pointTransactionDirt,
  telegramlinks: telegramLinkDirt,
  tempverifications: tempVerificationDirt,
  addresses: addressDirt,
  categories: categoryDirt,
  purchaserequests: purchaseRequestDirt,
  selleroffers: sellerOfferDirt,
  requesttemplates: requestTemplateDirt,
  shopsettings: shopSettingsDirt,
  levelconfigs: levelConfigDirt,
  configsettings: configSettingDirt,
  configsettinghistories: configSettingHistoryDirt,
  payments: paymentDirt,
  fundsledgerentries: ledgerEntryDirt,
  deriveddestinations: derivedDestinationDirt,
  disputes: disputeDirt,
  trezoraccounts: trezorAccountDirt,
  reviews: reviewDirt,
  blogposts: blogPostDirt,
  notifications: notificationDirt,
  chats: chatDirt,
  telegramsessions: telegramSessionDirt,
}

/** How the kinds of a collection are put into its documents. */
export function dirtyingsOf(collection: string): Dirtyings {
  return { ...everywhereDirt, ...byCollection[collection] }
}
