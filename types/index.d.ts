// Types for scripts: those of k6 come from `@types/k6`, the rest stands here. A tsconfig.json has `"types": ["sixfold/types"]`.
/// <reference types="k6" />
/// <reference path="./globals.d.ts" />
/// <reference path="./additions.d.ts" />
/// <reference path="./messaging.d.ts" />
/// <reference path="./modules.d.ts" />
/// <reference path="./redis.d.ts" />
/// <reference path="./ssh.d.ts" />
