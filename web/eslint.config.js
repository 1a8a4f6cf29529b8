import i18n from '@intlify/eslint-plugin-vue-i18n';
import vue from 'eslint-plugin-vue';
import a11y from 'eslint-plugin-vuejs-accessibility';
import tseslint from 'typescript-eslint';
import vueParser from 'vue-eslint-parser';

/** What a folder may not import. */
function apart(files, folders, why) {
    return {
        files,
        rules: {
            'no-restricted-imports': [
                'error',
                {
                    patterns: [
                        ...folders.map((folder) => ({
                            group: [`@/${folder}`, `@/${folder}/**`],
                            message: why,
                        })),
                        viewports,
                    ],
                },
            ],
        },
    };
}
// They render a <style> element, which the server's policy forbids.
const viewports = {
    group: ['reka-ui'],
    importNames: ['ComboboxViewport', 'SelectViewport', 'ScrollAreaViewport'],
    message: 'renders a <style> element; overflow:auto does the same',
};

export default tseslint.config(
    {
        ignores: [
            'dist',
            'shots',
            'citizen',
            'e2e/failures',
            'src/api/schema.d.ts',
            'src/**/*.gen.ts',
            'node_modules',
            'notice',
        ],
    },
    ...tseslint.configs.recommended,
    ...vue.configs['flat/recommended'],
    ...a11y.configs['flat/recommended'],
    ...i18n.configs.recommended,
    {
        files: ['**/*.vue'],
        languageOptions: { parser: vueParser, parserOptions: { parser: tseslint.parser } },
    },
    {
        settings: {
            'vue-i18n': { localeDir: './src/i18n/**/*.json', messageSyntaxVersion: '^11.0.0' },
        },
        rules: {
            'no-restricted-imports': ['error', { patterns: [viewports] }],
            'vue/multi-word-component-names': 'off',
            'vue/no-v-html': 'error',
            'vue/no-static-inline-styles': 'error',
            // prettier's
            'vue/max-attributes-per-line': 'off',
            'vue/singleline-html-element-content-newline': 'off',
            'vue/multiline-html-element-content-newline': 'off',
            'vue/html-self-closing': 'off',
            'vue/html-indent': 'off',
            'vue/html-closing-bracket-newline': 'off',
            'vue/require-default-prop': 'off',
            'vue/no-reserved-component-names': 'off',
            'vue/no-template-shadow': 'off',
            // Labels come around the control through a slot; axe looks at the page.
            'vuejs-accessibility/form-control-has-label': 'off',
            'vuejs-accessibility/label-has-for': 'off',
            'vuejs-accessibility/no-static-element-interactions': 'off',
            'vuejs-accessibility/click-events-have-key-events': 'off',
            '@intlify/vue-i18n/no-missing-keys': 'off', // the compiler's: keys are typed
            '@intlify/vue-i18n/no-dynamic-keys': 'off',
            '@intlify/vue-i18n/no-raw-text': [
                'error',
                {
                    ignorePattern: '^[-–—·:：/()（）#.,、;；*+%?↑↓→>…\\s\\d]*$',
                    ignoreText: ['Ctrl+Enter'],
                },
            ],
        },
    },
    apart(
        ['src/ui/**'],
        ['api', 'stores', 'domain', 'forms', 'parts', 'pages', 'i18n', 'routes'],
        'the kit knows nothing of tickets, texts and the server',
    ),
    apart(
        ['src/domain/**'],
        ['api', 'stores', 'ui', 'lib', 'forms', 'parts', 'pages', 'i18n', 'routes'],
        'the domain imports nothing',
    ),
    apart(
        ['src/parts/**', 'src/forms/**', 'src/stores/**', 'src/lib/**', 'src/api/**'],
        ['pages'],
        'a page uses them, not the other way round',
    ),
    apart(['src/pages/**'], ['pages'], 'pages do not import each other; what they share is a part'),
);
