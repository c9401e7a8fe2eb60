/**
 * What answers in Postgres for each index of the legacy models: by collection, then by the fields of the index. A new
 * index of a model needs a line here.
 */
export type Counterpart =
  /** The name of an index that begins with the same field and is as unique. */
  | string
  /** An index that serves the same questions though it looks different. */
  | { index: string; why: string }
  /** No index. */
  | { none: string }

export const counterparts: Record<string, Record<string, Counterpart>> = {
  users: {
    'email:1': 'users_email_key',
    'referralCode:1': 'users_referral_code_key',
    'referredBy:1': 'users_referred_by_idx',
    'role:1': 'users_role_idx',
    'refreshTokens.tokenHash:1': 'user_refresh_tokens_hash_idx',
    'refreshTokens:1': {
      index: 'users_kept_tokens_idx',
      why: 'plain tokens of the past have no row in user_refresh_tokens: they stand in extra',
    },
  },
  pointtransactions: {
    'user:1': 'point_transactions_user_idx',
    'user:1,createdAt:-1': 'point_transactions_user_idx',
    'user:1,type:1': 'point_transactions_user_type_idx',
    'user:1,source:1': 'point_transactions_user_source_idx',
    'expiresAt:1': 'point_transactions_expires_idx',
    'source:1,order:1': 'point_transactions_one_earn_per_order',
  },
  tempverifications: {
    'email:1': 'temp_verifications_email_key',
    'emailVerificationCodeExpires:1': 'temp_verifications_expires_idx',
  },
  categories: {
    'parentId:1': 'categories_parent_idx',
    'isActive:1,order:1': 'categories_active_order_idx',
  },
  shopsettings: { 'sellerId:1': 'shop_settings_seller_key' },
  levelconfigs: {
    'level:1': 'level_configs_level_key',
    'minPoints:1': 'level_configs_active_min_points_key',
    'order:1': {
      index: 'level_configs_order_idx',
      why: 'levels are put in order among the active ones',
    },
    'isActive:1': 'level_configs_order_idx',
  },
  configsettings: { 'key:1': 'config_settings_key_key' },
  configsettinghistories: { 'key:1': 'config_setting_history_key_idx' },
  purchaserequests: {
    'buyerId:1': 'purchase_requests_buyer_idx',
    'categoryId:1': 'purchase_requests_category_idx',
    'productType:1': 'purchase_requests_product_type_idx',
    'urgency:1': 'purchase_requests_urgency_idx',
    'status:1': 'purchase_requests_status_idx',
  },
  selleroffers: {
    'sellerId:1': 'seller_offers_seller_idx',
    'purchaseRequestId:1': 'seller_offers_request_idx',
    'status:1': 'seller_offers_status_idx',
    'createdAt:-1': 'seller_offers_created_idx',
  },
  requesttemplates: {
    'sellerId:1,categoryId:1,productType:1': 'request_templates_seller_idx',
    'shareableLink:1': 'request_templates_link_key',
  },
  payments: {
    'purchaseRequestId:1': 'payments_purchase_request_idx',
    'buyerId:1': 'payments_buyer_idx',
    'sellerId:1': 'payments_seller_idx',
    'provider:1': 'payments_provider_idx',
    'direction:1': 'payments_direction_idx',
    'buyerId:1,purchaseRequestId:1,sellerOfferId:1': 'payments_open_payin_key',
  },
  fundsledgerentries: {
    'purchaseRequestId:1': 'funds_ledger_entries_request_idx',
    'paymentId:1': 'funds_ledger_entries_payment_idx',
    'idempotencyKey:1': 'funds_ledger_entries_idempotency_key',
    'reversesEntryId:1': 'funds_ledger_entries_reverses_key',
  },
  deriveddestinations: {
    'buyerId:1,sellerOfferId:1,chainId:1': 'derived_destinations_key',
    'derivationIndex:1': 'derived_destinations_index_key',
    'chainId:1,address:1': 'derived_destinations_address_key',
    'status:1': 'derived_destinations_status_idx',
  },
  telegramlinks: {
    'telegramUserId:1': 'telegram_links_account_idx',
    'userId:1': 'telegram_links_user_idx',
    'telegramUserId:1,isActive:1': 'telegram_links_active_account_key',
    'userId:1,isActive:1': 'telegram_links_active_user_key',
  },
  telegramsessions: {
    'token:1': 'telegram_sessions_token_key',
    'telegramUserId:1': 'telegram_sessions_account_idx',
    'userId:1': 'telegram_sessions_user_idx',
    'expiresAt:1': 'telegram_sessions_expires_idx',
  },
  lb_telegram_updates: {
    'updateId:1': 'telegram_updates_update_id_key',
    'receivedAt:1': 'telegram_updates_received_idx',
  },
  addresses: {
    'userId:1': 'addresses_user_idx',
    'userId:1,primary:-1': 'addresses_user_idx',
  },
  reviews: {
    'sellerId:1': 'reviews_seller_idx',
    'reviewerId:1': 'reviews_reviewer_idx',
    'subjectType:1,subjectId:1,reviewerId:1': 'reviews_subject_reviewer_key',
  },
  blogposts: {
    'slug:1': 'blog_posts_slug_key',
    'tags:1': 'blog_posts_tags_idx',
    'status:1,publishedAt:-1': 'blog_posts_published_idx',
    'category:1,status:1,publishedAt:-1': 'blog_posts_category_idx',
    'featured:1,status:1,publishedAt:-1': {
      index: 'blog_posts_featured_idx',
      why: 'only featured posts are asked for: they are the index',
    },
  },
  lb_blog_likes: {
    'postId:1': 'blog_likes_post_idx',
    'userId:1,postId:1': 'blog_likes_user_post_key',
  },
  disputes: {
    'purchaseRequestId:1': 'disputes_request_idx',
    'buyerId:1': 'disputes_buyer_idx',
    'sellerId:1': 'disputes_seller_idx',
    'adminId:1': 'disputes_admin_idx',
    'adminId:1,status:1': 'disputes_admin_idx',
    'priority:1': 'disputes_priority_idx',
    'category:1': 'disputes_category_idx',
    'status:1': 'disputes_status_idx',
    'status:1,priority:1': 'disputes_status_idx',
    'purchaseRequestId:1,origin:1': 'disputes_open_key',
  },
  notifications: {
    'relatedId:1': 'notifications_related_idx',
    'userId:1,createdAt:-1': 'notifications_user_idx',
    'userId:1,isRead:1': 'notifications_unread_idx',
    'userId:1,category:1': 'notifications_user_category_idx',
    'createdAt:1': 'notifications_created_idx',
  },
  trezoraccounts: {
    'userId:1': 'trezor_accounts_user_idx',
    'userId:1,isActive:1': 'trezor_accounts_active_key',
    'xpub:1': 'trezor_accounts_xpub_idx',
    'addresses.address:1': {
      index: 'trezor_addresses_address_key',
      why: 'an address is one whatever its case',
    },
    'addresses.paymentId:1': 'trezor_addresses_payment_key',
  },
  chats: {
    'type:1': 'chats_type_idx',
    'participants.userId:1': 'chat_participants_user_idx',
    'messages.timestamp:1': {
      index: 'chat_messages_sent_at_idx',
      why: 'the column is named sent_at: it holds the same time',
    },
    'relatedTo.type:1,relatedTo.id:1': {
      index: 'chats_related_idx',
      why: 'the columns are named related_type and related_id',
    },
    'directKey:1': 'chats_direct_key',
  },
}

/** Each unit has an outbox and an inbox of effects, and they are alike. */
export function effectCounterparts(unit: string): Record<string, Record<string, Counterpart>> {
  return {
    [`lb_${unit}_effect_outbox`]: {
      'type:1,key:1': `${unit}_effect_outbox_type_key`,
      'deliveredAt:1,at:1': {
        index: `${unit}_effect_outbox_pending`,
        why: 'only effects that wait are asked for: they are the index, in the order of their time',
      },
    },
    [`lb_${unit}_effect_inbox`]: { 'effectId:1': `${unit}_effect_inbox_effect` },
  }
}
