import { createDataCleanup } from './data-cleanup.ts'
import { createAddressService, registerAddressRoutes } from './domains/address/index.ts'
import {
  createSettingsReadModel,
  createSettingsService,
  registerSettingsRoutes,
} from './domains/admin/index.ts'
import { createAuthService, createSessions, registerAuthRoutes } from './domains/auth/index.ts'
import { createBlogService, registerBlogRoutes } from './domains/blog/index.ts'
import { createChatService, registerChatRoutes } from './domains/chat/index.ts'
import {
  createDisputeEffectHandlers,
  createDisputeService,
  registerDisputeRoutes,
} from './domains/dispute/index.ts'
import { createCategoryService, registerCategoryRoutes } from './domains/marketplace/category/index.ts'
import { createOfferService, registerOfferRoutes } from './domains/marketplace/offer/index.ts'
import {
  createRequestEffectHandlers,
  createRequestReadModel,
  createRequestService,
  registerRequestRoutes,
} from './domains/marketplace/request/index.ts'
import {
  createReviewReadModel,
  createReviewService,
  registerReviewRoutes,
} from './domains/marketplace/review/index.ts'
import { createSellerDirectory, registerSellerRoutes } from './domains/marketplace/seller/index.ts'
import {
  createShopReadModel,
  createShopService,
  registerShopRoutes,
} from './domains/marketplace/shop/index.ts'
import {
  createTemplateReadModel,
  createTemplateService,
  registerTemplateRoutes,
} from './domains/marketplace/template/index.ts'
import {
  createNotificationEffectHandlers,
  createNotificationService,
  registerNotificationRoutes,
} from './domains/notification/index.ts'
import {
  createDestinationService,
  createHolds,
  createPaymentEffectHandlers,
  createPaymentReadModel,
  createPaymentService,
  registerDestinationRoutes,
  registerPaymentRoutes,
} from './domains/payment/index.ts'
import {
  createPointsService,
  createUserEffectHandlers,
  registerPointsRoutes,
} from './domains/points/index.ts'
import {
  createLevelReadModel,
  createLevelService,
  registerLevelRoutes,
} from './domains/points/level/index.ts'
import { createTelegramService, registerTelegramRoutes } from './domains/telegram/index.ts'
import { createTrezorService, registerTrezorRoutes } from './domains/trezor/index.ts'
import { createUserReadModel, createUserService, registerUserRoutes } from './domains/user/index.ts'
import { createAuthGuard } from './platform/auth-guard.ts'
import type { Clock } from './platform/clock.ts'
import type { Config } from './platform/config.ts'
import { createEffectDelivery, type EffectDelivery } from './platform/effect-delivery.ts'
import { readAccountKey } from './platform/extended-key.ts'
import { registerHealthRoutes } from './platform/health.ts'
import { addRoutes, createHttpApp, type HttpApp } from './platform/http.ts'
import { createJobQueue, type Job } from './platform/jobs.ts'
import type { Logger } from './platform/logger.ts'
import { logMailer, type Mailer } from './platform/mailer.ts'
import { argon2Passwords } from './platform/passwords.ts'
import { createCodeHasher } from './platform/secret-code.ts'
import type { Units } from './units.ts'

export interface CompositionOptions {
  units: Units
  config: Config
  clock: Clock
  logger: Logger
  /** Where mails go; by default into the log. */
  mailer?: Mailer
}

export interface Composition {
  app: HttpApp
  /** Not running yet. */
  effects: EffectDelivery
  /** What is done again and again. */
  jobs: Job[]
}

/** Stores in, application out: the one place where services meet their dependencies. */
export function compose(options: CompositionOptions): Composition {
  const { units, config, clock, logger } = options
  const mailer = options.mailer ?? logMailer(logger, { showContents: config.environment === 'development' })
  const guard = createAuthGuard({
    secret: config.jwtSecret,
    accessTokenMinutes: config.accessTokenMinutes,
    clock,
  })
  const hasher = createCodeHasher(config.codeHmacKey)
  const passwords = argon2Passwords()
  const sessions = createSessions({ ...config, units, clock, guard, hasher })
  const requestReadModel = createRequestReadModel(units)
  const userReadModel = createUserReadModel(units)
  const levels = createLevelReadModel({ units, clock })
  const settings = createSettingsReadModel({ units, clock })
  const { derivedDestinationXpub } = config
  // Read here, so that a program with a wrong key does not start.
  const addresses = derivedDestinationXpub === null ? null : readAccountKey(derivedDestinationXpub)

  const app = createHttpApp({ logger, showQueries: config.environment === 'development' })
  addRoutes(app, (api) => {
    registerHealthRoutes(api, { units: { ...units }, clock })
    registerAuthRoutes(api, createAuthService({ ...config, units, clock, guard, hasher, passwords, mailer }))
    registerUserRoutes(api, createUserService({ units, clock }), guard)
    registerPointsRoutes(api, createPointsService({ units, clock, levels }), guard)
    registerLevelRoutes(api, createLevelService({ units, clock, levels }), guard)
    const isNamedByRequests = requestReadModel.namesCategory
    registerCategoryRoutes(api, createCategoryService({ units, clock, isNamedByRequests }), guard)
    registerShopRoutes(api, createShopService({ units, clock }), guard)
    registerSettingsRoutes(api, createSettingsService({ units, clock, settings }), guard)
    registerRequestRoutes(api, createRequestService({ ...config, units, clock, codes: hasher }), guard)
    registerOfferRoutes(api, createOfferService({ units, clock }), guard)
    registerPaymentRoutes(api, createPaymentService({ ...config, units, clock, settings }), guard)
    registerTemplateRoutes(api, createTemplateService({ units, clock }), guard)
    registerAddressRoutes(api, createAddressService({ units, clock }), guard)
    const reviewed = { shops: createShopReadModel(units), templates: createTemplateReadModel(units) }
    const whoReviews = { users: userReadModel, requests: requestReadModel }
    registerReviewRoutes(api, createReviewService({ ...reviewed, ...whoReviews, units, clock }), guard)
    const sold = { ...whoReviews, shops: reviewed.shops, reviews: createReviewReadModel(units) }
    registerSellerRoutes(api, createSellerDirectory(sold))
    registerBlogRoutes(api, createBlogService({ units, users: userReadModel, clock }), guard)
    registerNotificationRoutes(api, createNotificationService({ units, users: userReadModel, clock }), guard)
    const destinations = createDestinationService({ units, clock, requests: requestReadModel, addresses })
    registerDestinationRoutes(api, destinations, guard)
    const payments = createPaymentReadModel(units)
    registerTrezorRoutes(api, createTrezorService({ ...config, units, payments, clock }), guard)
    const readModels = { users: userReadModel, requests: requestReadModel }
    const holds = createHolds({ units, clock })
    registerDisputeRoutes(api, createDisputeService({ ...readModels, units, clock, holds }), guard)
    registerChatRoutes(api, createChatService({ ...config, ...readModels, units, clock }), guard)
    registerTelegramRoutes(api, createTelegramService({ ...config, units, clock, hasher, sessions }), guard)
  })

  const handlers = {
    user: createUserEffectHandlers({ clock, levels }),
    request: createRequestEffectHandlers({ clock }),
    payment: createPaymentEffectHandlers({ clock }),
    dispute: createDisputeEffectHandlers({ clock }),
    notification: createNotificationEffectHandlers({ users: userReadModel, clock }),
  }
  const effects = createEffectDelivery({
    units,
    handlers,
    clock,
    logger,
    intervalMs: config.effectIntervalMs,
  })
  const jobs = createDataCleanup({ units, clock, logger })
  return { app, effects, jobs }
}

/** The application as a program serves it: effects are delivered and jobs done from when it listens until it closes. */
export function composeApp(options: CompositionOptions): HttpApp {
  const { config, logger } = options
  const { app, effects, jobs } = compose(options)
  const queue = createJobQueue({ databaseUrl: config.databaseUrl, jobs, logger })
  app.addHook('onListen', async () => {
    effects.start()
    queue.start()
  })
  app.addHook('onClose', async () => {
    await Promise.all([effects.stop(), queue.stop()])
  })
  return app
}
