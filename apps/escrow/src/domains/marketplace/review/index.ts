export { noRating, type RatingSummary, type Review, type SubjectType } from './model.ts'
export { createReviewReadModel, type ReviewReadModel } from './read-model.ts'
export { registerReviewRoutes } from './routes.ts'
export { createReviewService, type ReviewService } from './service.ts'
