// The table of pages names them without their being looked at here.
declare module '*.vue' {
  import type { Component } from 'vue';
  const page: Component;
  export default page;
}
