import type { AddressRepository } from './domains/address/repository.ts'
import type { ConfigHistoryRepository, ConfigSettingRepository } from './domains/admin/repository.ts'
import type { TempVerificationRepository } from './domains/auth/repository.ts'
import type { BlogLikeRepository, BlogPostRepository } from './domains/blog/repository.ts'
import type { ChatMessageRepository, ChatRepository } from './domains/chat/repository.ts'
import type { DisputeRepository } from './domains/dispute/repository.ts'
import type { CategoryRepository } from './domains/marketplace/category/repository.ts'
import type { OfferRepository } from './domains/marketplace/offer/repository.ts'
import type { RequestRepository } from './domains/marketplace/request/repository.ts'
import type { ReviewRepository } from './domains/marketplace/review/repository.ts'
import type { ShopRepository } from './domains/marketplace/shop/repository.ts'
import type { TemplateRepository } from './domains/marketplace/template/repository.ts'
import type { NotificationRepository } from './domains/notification/repository.ts'
import type { DestinationRepository } from './domains/payment/destination/repository.ts'
import type { LedgerRepository } from './domains/payment/ledger.repository.ts'
import type { PaymentRepository } from './domains/payment/repository.ts'
import type { LevelRepository } from './domains/points/level/repository.ts'
import type { PointTransactionRepository } from './domains/points/repository.ts'
import type { TelegramLinkRepository } from './domains/telegram/link.repository.ts'
import type { TelegramSessionRepository, TelegramUpdateRepository } from './domains/telegram/repository.ts'
import type { TrezorRepository } from './domains/trezor/repository.ts'
import type { UserRepository } from './domains/user/repository.ts'
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
