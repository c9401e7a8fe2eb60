export const postCategories = ['tutorial', 'news', 'guide', 'tips', 'announcement', 'other'] as const
export const postStatuses = ['draft', 'published', 'archived'] as const
export const videoPlatforms = ['youtube', 'vimeo', 'aparat', 'other'] as const

export type PostCategory = (typeof postCategories)[number]
export type PostStatus = (typeof postStatuses)[number]
export type VideoPlatform = (typeof videoPlatforms)[number]
