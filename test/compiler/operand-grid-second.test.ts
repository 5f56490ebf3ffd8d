import { proveGrid } from './prove-grid.ts';

proveGrid(1, 3);
