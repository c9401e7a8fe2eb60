import { createAddressRepository } from '../../domains/address/repository.postgres.ts'
import {
  createConfigHistoryRepository,
  createConfigSettingRepository,
} from '../../domains/admin/repository.postgres.ts'
import { createTempVerificationRepository } from '../../domains/auth/repository.postgres.ts'
import { createBlogLikeRepository } from '../../domains/blog/likes.postgres.ts'
import type { PostListing } from '../../domains/blog/model.ts'
import { createBlogPostRepository } from '../../domains/blog/repository.postgres.ts'
import { createChatRepository } from '../../domains/chat/repository.postgres.ts'
import { createDisputeRepository } from '../../domains/dispute/repository.postgres.ts'
import { createCategoryRepository } from '../../domains/marketplace/category/repository.postgres.ts'
import { createOfferRepository } from '../../domains/marketplace/offer/repository.postgres.ts'
import { createRequestRepository } from '../../domains/marketplace/request/repository.postgres.ts'
import { createReviewRepository } from '../../domains/marketplace/review/repository.postgres.ts'
import { createShopRepository } from '../../domains/marketplace/shop/repository.postgres.ts'
import { createTemplateRepository } from '../../domains/marketplace/template/repository.postgres.ts'
import { createNotificationRepository } from '../../domains/notification/repository.postgres.ts'
import { createDestinationRepository } from '../../domains/payment/destination/repository.postgres.ts'
import { createLedgerRepository } from '../../domains/payment/ledger.repository.postgres.ts'
import { createPaymentRepository } from '../../domains/payment/repository.postgres.ts'
import { createPointTransactionRepository } from '../../domains/points/repository.postgres.ts'
import { createTelegramLinkRepository } from '../../domains/telegram/link.repository.postgres.ts'
import {
  createTelegramSessionRepository,
  createTelegramUpdateRepository,
} from '../../domains/telegram/repository.postgres.ts'
import { createTrezorRepository } from '../../domains/trezor/repository.postgres.ts'
import { createUserRepository } from '../../domains/user/repository.postgres.ts'
import type { Database } from '../../platform/database.ts'
import { createEffectStore } from '../../platform/effects.postgres.ts'
import { requestEffectInbox, requestEffectOutbox } from '../../platform/effects.schema.ts'
import { entityReference } from '../../platform/reference.ts'
import { filledKey as key } from './fill-tables.ts'

/** Something that a repository asks, of a database that `fillTables` has filled. */
export type Question = (db: Database) => Promise<unknown>

/** Whoever has so many that a page must come in the order of the index. */
const busy = (column: string) => key(column, 0)
const page = { limit: 20, offset: 0 }
const firstPage = { page: 1, limit: 20 }
const newestPosts: PostListing = { ...firstPage, sortBy: 'publishedAt', sortOrder: 'desc' }
/** Before nearly all of the times that `fillTables` spreads. */
const early = new Date('2024-01-02')
const effects = (db: Database) => createEffectStore(db, requestEffectOutbox, requestEffectInbox)

/** By index: a question of the repositories themselves that it must answer. */
export const questions: Record<string, Question> = {
  users_email_key: (db) => createUserRepository(db).findByEmail('email 77'),
  users_referral_code_key: (db) => createUserRepository(db).findByReferralCode('referral_code 77'),
  users_role_idx: (db) => createUserRepository(db).countSellers(),
  user_refresh_tokens_hash_idx: (db) => createUserRepository(db).findByRefreshToken(['token_hash 77']),
  users_kept_tokens_idx: (db) => createUserRepository(db).findByRefreshToken(['nobody has this']),
  point_transactions_user_idx: (db) =>
    createPointTransactionRepository(db).listOf(busy('user_id'), { ...firstPage }),
  point_transactions_user_type_idx: (db) =>
    createPointTransactionRepository(db).listOf(key('user_id'), { ...firstPage, type: 'spend' }),
  point_transactions_one_earn_per_order: (db) =>
    createPointTransactionRepository(db).hasEarned('purchase', key('order_id')),
  temp_verifications_email_key: (db) => createTempVerificationRepository(db).lockByEmail('email 77'),
  temp_verifications_expires_idx: (db) => createTempVerificationRepository(db).removeExpired(early, 500),
  telegram_links_account_idx: (db) => createTelegramLinkRepository(db).findActive('77'),
  telegram_links_active_account_key: (db) => createTelegramLinkRepository(db).findActive('77'),
  telegram_links_user_idx: (db) => createTelegramLinkRepository(db).findActiveOf(key('user_id')),
  telegram_links_active_user_key: (db) => createTelegramLinkRepository(db).findActiveOf(key('user_id')),
  categories_parent_idx: (db) => createCategoryRepository(db).hasChildren(key('parent_id')),
  shop_settings_seller_key: (db) => createShopRepository(db).findBySeller(key('seller_id')),
  config_settings_key_key: (db) => createConfigSettingRepository(db).lock('key 77'),
  config_setting_history_key_idx: (db) =>
    createConfigHistoryRepository(db).listOf('key 77', { ...firstPage }),
  purchase_requests_buyer_idx: (db) => createRequestRepository(db).list({ buyerId: busy('buyer_id') }, page),
  purchase_requests_category_idx: (db) =>
    createRequestRepository(db).list({ categoryId: key('category_id') }, page),
  purchase_requests_status_idx: (db) => createRequestRepository(db).list({ status: 'delivery' }, page),
  purchase_request_preferred_sellers_seller_idx: (db) =>
    createRequestRepository(db).list({ visibleToSeller: key('seller_id') }, page),
  seller_offers_seller_idx: (db) => createOfferRepository(db).listBySeller(busy('seller_id'), page),
  seller_offers_request_idx: (db) => createOfferRepository(db).listByRequest(key('purchase_request_id')),
  request_templates_seller_idx: (db) =>
    createTemplateRepository(db).list({ sellerId: key('seller_id') }, page),
  request_templates_link_key: (db) => createTemplateRepository(db).findByLink('shareable_link 77'),
  payments_buyer_idx: (db) => createPaymentRepository(db).list({ buyerId: busy('buyer_id') }, page),
  payments_seller_idx: (db) => createPaymentRepository(db).list({ sellerId: key('seller_id') }, page),
  payments_purchase_request_idx: (db) =>
    createPaymentRepository(db).list({ purchaseRequest: entityReference(key('purchase_request_id')) }, page),
  payments_open_payin_key: (db) =>
    createPaymentRepository(db).findOpenPayin(
      key('buyer_id'),
      key('purchase_request_id'),
      key('seller_offer_id'),
    ),
  payments_status_idx: (db) => createPaymentRepository(db).count({ status: 'refunded' }),
  payments_provider_idx: (db) => createPaymentRepository(db).count({ provider: 'other' }),
  payments_direction_idx: (db) => createPaymentRepository(db).count({ direction: 'refund' }),
  funds_ledger_entries_payment_idx: (db) => createLedgerRepository(db).entriesOf(key('payment_id')),
  funds_ledger_entries_idempotency_key: (db) => createLedgerRepository(db).findByKey('idempotency_key 77'),
  addresses_user_idx: (db) => createAddressRepository(db).listOf(key('user_id')),
  reviews_published_idx: (db) =>
    createReviewRepository(db).listPublished(
      { subjectType: 'seller', subjectId: busy('subject_id') },
      { ...firstPage },
    ),
  reviews_subject_reviewer_key: (db) =>
    createReviewRepository(db).countRatings('seller', [key('subject_id')]),
  blog_posts_slug_key: (db) => createBlogPostRepository(db).findBySlug('slug 77'),
  blog_posts_published_idx: (db) => createBlogPostRepository(db).list({ status: 'published' }, newestPosts),
  blog_posts_category_idx: (db) =>
    createBlogPostRepository(db).list({ status: 'published', category: 'tips' }, newestPosts),
  blog_posts_featured_idx: (db) =>
    createBlogPostRepository(db).list({ status: 'published', featured: true }, newestPosts),
  blog_posts_tags_idx: (db) =>
    createBlogPostRepository(db).list({ status: 'published', tag: 'tag 77' }, newestPosts),
  blog_likes_user_post_key: (db) => createBlogLikeRepository(db).likedBy(key('user_id'), [key('post_id')]),
  disputes_status_idx: (db) => createDisputeRepository(db).count({ status: 'resolved' }),
  disputes_priority_idx: (db) => createDisputeRepository(db).count({ priority: 'urgent' }),
  disputes_category_idx: (db) => createDisputeRepository(db).count({ category: 'other' }),
  disputes_open_key: (db) => createDisputeRepository(db).findOpen(key('purchase_request_id')),
  disputes_request_idx: (db) =>
    createDisputeRepository(db).list({ purchaseRequestId: key('purchase_request_id') }, page),
  disputes_buyer_idx: (db) => createDisputeRepository(db).list({ partyId: key('buyer_id') }, page),
  disputes_seller_idx: (db) => createDisputeRepository(db).list({ partyId: key('seller_id') }, page),
  disputes_admin_idx: (db) => createDisputeRepository(db).list({ adminId: key('admin_id') }, page),
  notifications_user_idx: (db) => createNotificationRepository(db).listOf(busy('user_id'), { ...firstPage }),
  notifications_unread_idx: (db) => createNotificationRepository(db).unreadCount(key('user_id')),
  notifications_related_idx: (db) =>
    createNotificationRepository(db).listOf(key('user_id'), { ...firstPage, relatedId: 'related_id 77' }),
  notifications_created_idx: (db) => createNotificationRepository(db).removeExpired(early, 500),
  notifications_user_category_idx: (db) => createNotificationRepository(db).unreadByCategory(key('user_id')),
  derived_destinations_status_idx: (db) => createDestinationRepository(db).count({ status: 'retired' }),
  derived_destinations_key: (db) =>
    createDestinationRepository(db).findByKey({
      buyerId: key('buyer_id'),
      sellerOffer: entityReference(key('seller_offer_id')),
      chainId: 56,
    }),
  trezor_accounts_user_idx: (db) => createTrezorRepository(db).findActive(key('user_id')),
  trezor_accounts_active_key: (db) => createTrezorRepository(db).findActiveForUpdate(key('user_id')),
  trezor_accounts_xpub_idx: (db) => createTrezorRepository(db).listByXpub('xpub 77'),
  trezor_addresses_payment_key: (db) => createTrezorRepository(db).findByPayment(key('payment_id')),
  chats_direct_key: (db) => createChatRepository(db).findByKey('direct_key 77'),
  chats_related_idx: (db) => createChatRepository(db).listAbout('SellerOffer', [key('related_id')]),
  chat_participants_user_idx: (db) => createChatRepository(db).listOf(key('user_id'), {}, { ...firstPage }),
  telegram_sessions_token_key: (db) => createTelegramSessionRepository(db).findByToken(['token 77']),
  telegram_sessions_user_idx: (db) => createTelegramSessionRepository(db).openOf(key('user_id'), early),
  telegram_sessions_account_idx: (db) => createTelegramSessionRepository(db).endAll('77', early),
  telegram_sessions_expires_idx: (db) => createTelegramSessionRepository(db).removeExpired(early, 500),
  telegram_updates_received_idx: (db) => createTelegramUpdateRepository(db).removeExpired(early, 500),
  request_effect_outbox_pending: (db) => effects(db).pending(20, new Date('2026-01-01')),
  request_effect_inbox_effect: (db) => effects(db).received(key('effect_id')),
}
