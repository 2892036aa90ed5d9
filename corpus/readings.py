# SPDX-License-Identifier: GPL-2.0-or-later
"""Pinyin of the Traditional characters that make_damaged.py annotates.

Only characters whose simplified form differs, and which have one reading in ordinary modern
text (surname and classical readings are not counted). A few with two common readings, such as 長 or
會, stand under one of them: pages damaged in this way annotate them too, blind to the context.
"""

_TABLE = """
學xué 時shí 來lái 醫yī 個gè 灣wān 師shī 後hòu 報bào 開kāi 點diǎn 過guò 這zhè 約yuē 員yuán 對duì 機jī 區qū
鐘zhōng 簽qiān 電diàn 場chǎng 聯lián 農nóng 計jì 經jīng 雙shuāng 縣xiàn 進jìn 檢jiǎn 費fèi 萬wàn 書shū 試shì
頭tóu 體tǐ 轉zhuǎn 內nèi 診zhěn 關guān 測cè 業yè 則zé 設shè 條tiáo 錄lù 門mén 預yù 護hù 資zī 產chǎn 館guǎn
價jià 組zǔ 統tǒng 備bèi 務wù 話huà 驗yàn 單dān 現xiàn 團tuán 協xié 談tán 貨huò 處chù 島dǎo 畫huà 國guó 編biān
語yǔ 問wèn 標biāo 隊duì 廠chǎng 練liàn 讓ràng 邊biān 結jié 氣qì 維wéi 們men 漁yú 輪lún 級jí 軌guǐ 將jiāng
變biàn 項xiàng 聽tīng 燈dēng 歲suì 規guī 講jiǎng 號hào 張zhāng 請qǐng 專zhuān 從cóng 線xiàn 須xū 屆jiè 麼me
記jì 課kè 溫wēn 動dòng 實shí 東dōng 準zhǔn 雲yún 訊xùn 讀dú 總zǒng 補bǔ 連lián 運yùn 給gěi 嶺lǐng 導dǎo 觀guān
紅hóng 題tí 證zhèng 賣mài 認rèn 買mǎi 訂dìng 帶dài 聞wén 餘yú 傳chuán 戶hù 滿mǎn 節jié 衛wèi 訓xùn 議yì 選xuǎn
遠yuǎn 負fù 責zé 擔dān 網wǎng 鐵tiě 輕qīng 園yuán 達dá 噸dūn 構gòu 紀jì 減jiǎn 習xí 職zhí 樣yàng 無wú 筆bǐ 魚yú
療liáo 舊jiù 霧wù 擬nǐ 廂xiāng 誤wù 歸guī 劇jù 誰shuí 屬shǔ 擴kuò 畢bì 訪fǎng 譯yì 億yì 納nà 寧níng 檔dàng
購gòu 優yōu 黃huáng 錯cuò 櫃guì 據jù 頁yè 鏈liàn 續xù 馬mǎ 術shù 爭zhēng 製zhì 儀yí 貼tiē 傷shāng 斷duàn 駐zhù
決jué 類lèi 強qiáng 遲chí 籃lán 藝yì 顆kē 圖tú 爾ěr 眾zhòng 顧gù 帳zhàng 權quán 麥mài 濕shī 鳥niǎo 壞huài 復fù
臨lín 損sǔn 隨suí 樓lóu 積jī 別bié 險xiǎn 簡jiǎn 塊kuài 紋wén 藍lán 聲shēng 臺tái 執zhí 養yǎng 願yuàn 額é 祕mì
熱rè 塗tú 鹽yán 碼mǎ 諾nuò 誌zhì 駛shǐ 夠gòu 搶qiǎng 壓yā 評píng 誠chéng 質zhì 歷lì 牆qiáng 際jì 頃qǐng 鏡jìng
飛fēi 舉jǔ 禮lǐ 績jì 釋shì 辯biàn 趕gǎn 銅tóng 領lǐng 難nán 錢qián 親qīn 層céng 謝xiè 環huán 應yīng 鄉xiāng
緊jǐn 獨dú 揮huī 燒shāo 陣zhèn 釐lí 廢fèi 勢shì 歐ōu 異yì 鮮xiān 敗bài 陽yáng 廳tīng 縮suō 義yì 識shí 綠lǜ
終zhōng 賽sài 獎jiǎng 陰yīn 婦fù 幫bāng 顏yán 慣guàn 慮lǜ 雜zá 灘tān 恆héng 詞cí 贈zèng 擁yōng 響xiǎng 篩shāi
惡è 遺yí 暫zàn 註zhù 鎖suǒ 腳jiǎo 輸shū 齊qí 監jiān 顯xiǎn 歡huān 覽lǎn 勳xūn 紙zhǐ 鄰lín 閱yuè 災zāi 載zài
僅jǐn 貴guì 糾jiū 紛fēn 訴sù 廣guǎng 較jiào 確què 財cái 頻pín 鋼gāng 倉cāng 窩wō 圓yuán 該gāi 騰téng 飲yǐn
郵yóu 攤tān 審shěn 淨jìng 貝bèi 龍lóng 濃nóng 纖xiān 繼jì 況kuàng 償cháng 狀zhuàng 係xì 漲zhǎng 擺bǎi 腦nǎo
攝shè 軍jūn 憑píng 戲xì 勞láo 罵mà 違wéi 驟zhòu 樹shù 毀huǐ 細xì 範fàn 圍wéi 諮zī 詢xún 盤pán 擇zé 貸dài
賺zhuàn 剛gāng 臉liǎn 鑄zhù 觸chù 飾shì 賞shǎng 穩wěn 適shì 針zhēn 攜xié 稅shuì 競jìng 鄭zhèng 頂dǐng 懸xuán
愛ài 飯fàn 嚴yán 態tài 營yíng 賠péi 駁bó 許xǔ 託tuō 純chún 誇kuā 獲huò 衝chōng 駕jià 寬kuān 賀hè 蹤zōng 膚fū
輔fǔ 鳴míng 締dì 奪duó 揚yáng 籌chóu 煩fán 興xīng 潔jié 遊yóu 獻xiàn 絡luò 賴lài 誼yì 龔gōng 階jiē 齡líng
創chuàng 夾jiá 長zhǎng 會huì 調diào 數shù 當dāng 間jiān 礎chǔ 堅jiān 戰zhàn 腎shèn 臟zàng 隻zhī 橋qiáo 齒chǐ
懷huái
"""

READINGS = {entry[0]: entry[1:] for entry in _TABLE.split()}
