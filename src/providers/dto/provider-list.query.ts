/** The list takes nothing: the providers are few, and on one page. */
export class ProviderListQuery {}
