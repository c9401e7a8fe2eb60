import type { AddressRepository } from './domains/address/index.ts'
import type { ConfigHistoryRepository, ConfigSettingRepository } from './domains/admin/index.ts'
import type { TempVerificationRepository } from './domains/auth/index.ts'
import type { BlogLikeRepository, BlogPostRepository } from './domains/blog/index.ts'
import type { ChatMessageRepository, ChatRepository } from './domains/chat/index.ts'
import type { DisputeRepository } from './domains/dispute/index.ts'
import type { CategoryRepository } from './domains/marketplace/category/index.ts'
import type { OfferRepository } from './domains/marketplace/offer/index.ts'
import type { RequestRepository } from './domains/marketplace/request/index.ts'
import type { ReviewRepository } from './domains/marketplace/review/index.ts'
import type { ShopRepository } from './domains/marketplace/shop/index.ts'
import type { TemplateRepository } from './domains/marketplace/template/index.ts'
import type { NotificationRepository } from './domains/notification/index.ts'
import type { DestinationRepository, LedgerRepository, PaymentRepository } from './domains/payment/index.ts'
import type { PointTransactionRepository } from './domains/points/index.ts'
import type { LevelRepository } from './domains/points/level/index.ts'
import type {
  TelegramLinkRepository,
  TelegramSessionRepository,
  TelegramUpdateRepository,
} from './domains/telegram/index.ts'
import type { TrezorRepository } from './domains/trezor/index.ts'
import type { UserRepository } from './domains/user/index.ts'
import type { WithEffects } from './platform/effects.ts'
import type { UnitStore } from './platform/unit-store.ts'

export interface CategoryRepositories extends WithEffects {
  categories: CategoryRepository
}

export interface ShopRepositories extends WithEffects {
  shops: ShopRepository
}

export interface LevelRepositories extends WithEffects {
  levels: LevelRepository
}

export interface ConfigRepositories extends WithEffects {
  settings: ConfigSettingRepository
  history: ConfigHistoryRepository
}

export interface UserRepositories extends WithEffects {
  users: UserRepository
  pointTransactions: PointTransactionRepository
  telegramLinks: TelegramLinkRepository
  tempVerifications: TempVerificationRepository
}

export interface RequestRepositories extends WithEffects {
  requests: RequestRepository
  offers: OfferRepository
  templates: TemplateRepository
}

export interface PaymentRepositories extends WithEffects {
  payments: PaymentRepository
  ledger: LedgerRepository
  destinations: DestinationRepository
}

export interface AddressRepositories extends WithEffects {
  addresses: AddressRepository
}

export interface ReviewRepositories extends WithEffects {
  reviews: ReviewRepository
}

export interface BlogRepositories extends WithEffects {
  posts: BlogPostRepository
  likes: BlogLikeRepository
}

export interface DisputeRepositories extends WithEffects {
  disputes: DisputeRepository
}

export interface NotificationRepositories extends WithEffects {
  notifications: NotificationRepository
}

export interface TrezorRepositories extends WithEffects {
  accounts: TrezorRepository
}

export interface ChatRepositories extends WithEffects {
  chats: ChatRepository
  messages: ChatMessageRepository
}

export interface TelegramRepositories extends WithEffects {
  sessions: TelegramSessionRepository
  updates: TelegramUpdateRepository
}

/** Every unit of the application: what changes its store at once, and what one transaction may span. */
export interface Units {
  category: UnitStore<CategoryRepositories>
  shop: UnitStore<ShopRepositories>
  level: UnitStore<LevelRepositories>
  config: UnitStore<ConfigRepositories>
  user: UnitStore<UserRepositories>
  request: UnitStore<RequestRepositories>
  payment: UnitStore<PaymentRepositories>
  address: UnitStore<AddressRepositories>
  review: UnitStore<ReviewRepositories>
  blog: UnitStore<BlogRepositories>
  dispute: UnitStore<DisputeRepositories>
  notification: UnitStore<NotificationRepositories>
  trezor: UnitStore<TrezorRepositories>
  chat: UnitStore<ChatRepositories>
  telegram: UnitStore<TelegramRepositories>
}

export type UnitName = keyof Units
